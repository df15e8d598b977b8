import type { Grocer } from "./grocer.ts";

/** What a scenario saw. It passed when every check holds. */
export interface Finding {
  readonly checks: readonly Check[];
  /** Measured, for people who read the evidence. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface Check {
  /** A sentence that can be false. */
  readonly that: string;
  readonly holds: boolean;
  /** What was seen where it does not. */
  readonly found?: unknown;
}

/** A situation that the product must stand, told over HTTP. It leaves the shop as it found it. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly run: (grocer: Grocer) => Promise<Finding>;
}

import type { Json } from "@recsys/contracts";
import type { Run } from "../runner/run.ts";

/** What jobs hand to each other and to serving. */
export type Product =
  | "events"
  | "quality"
  | "items"
  | "artifact"
  | "fallbacks"
  | "evaluation"
  | "manifest"
  | "objects";

export interface JobOutcome {
  /** `reused`: the same inputs, parameters and code made it before; `held`: a gate said no. */
  readonly result: "done" | "reused" | "nothing-to-do" | "held";
  /** For people and for the run record. */
  readonly facts: Readonly<Record<string, Json>>;
}

/** How a job of a run ended. */
export interface JobReport extends JobOutcome {
  readonly name: string;
  readonly ms: number;
}

/**
 * One step of a pipeline: a file in this folder and a line in `index.ts`.
 * Same inputs, parameters and code give the same bytes; running it again
 * changes nothing.
 */
export interface Job {
  readonly name: string;
  readonly description: string;
  readonly inputs: readonly Product[];
  readonly outputs: readonly Product[];
  readonly owner: string;
  /** The longest age of its last success that is still fine. */
  readonly objectiveHours: number;
  run(run: Run): Promise<JobOutcome>;
}

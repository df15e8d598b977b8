import type { EffectiveKnob, Warning } from "@recsys/contracts";

/** The knob values in force for one request. */
export interface Knobs {
  readonly effective: readonly EffectiveKnob[];
  readonly warnings: readonly Warning[];
  /** Throws for a name that is no knob, or no number: a defect of the caller. */
  number(name: string): number;
  choice(name: string): string;
}

export function createKnobs(
  byName: ReadonlyMap<string, EffectiveKnob>,
  warnings: readonly Warning[],
): Knobs {
  return {
    effective: [...byName.values()],
    warnings,
    number(name) {
      const value = byName.get(name)?.value;
      if (typeof value !== "number") throw new Error(`no number knob ${name}`);
      return value;
    },
    choice(name) {
      const value = byName.get(name)?.value;
      if (typeof value !== "string") throw new Error(`no choice knob ${name}`);
      return value;
    },
  };
}

import type { Degradation } from "@recsys/contracts";
import type { Knobs } from "../knob-reader.ts";
import type { Snapshot } from "../snapshot.ts";
import { TERMS } from "./index.ts";
import type { ActiveTerm, TermInput } from "./term.ts";

const ENTRIES = TERMS.map((term) => ({
  term,
  weightKnob: `${term.name}.weight`,
}));

/** The terms that have weight in this request and something to say. */
export function prepareTerms(input: TermInput): readonly ActiveTerm[] {
  const active: ActiveTerm[] = [];
  for (const { term, weightKnob } of ENTRIES) {
    const weight = input.knobs.number(weightKnob);
    if (weight === 0) continue;
    const valueOf = term.prepare(input);
    if (valueOf === null) continue;
    active.push({
      term,
      weight: weight * term.sign,
      valueOf: (position) => unit(valueOf(position)),
    });
  }
  return active;
}

/** Terms that have weight and miss a signal. */
export function mutedTerms(
  knobs: Knobs,
  { bound, missing }: Snapshot,
): Degradation[] {
  return ENTRIES.flatMap(({ term, weightKnob }) => {
    const name = term.needs?.find((each) => bound[each] === undefined);
    if (name === undefined || knobs.number(weightKnob) === 0) return [];
    const reason = missing[name] ?? `the manifest has no signal ${name} yet`;
    return [{ part: `term:${term.name}`, reason }];
  });
}

/** NaN and what is below zero count as 0, what is above one as 1. */
function unit(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}

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

/** NaN and what is below zero count as 0, what is above one as 1. */
function unit(value: number): number {
  return value > 0 ? Math.min(value, 1) : 0;
}

import type { ManyItems, Offered } from "../source.ts";
import type { ActiveTerm } from "../terms/term.ts";
import type { Stage, Work } from "../work.ts";

export const score: Stage = {
  name: "score",
  does: "Every candidate is scored by every signal, whoever offered it: the sum of weight × calibrated signal, then of the terms.",
  reasons: {},
  run(work) {
    scoreCandidates(work, work.alive);
  },
};

/**
 * Adds up weight × signal in the order of the sources, then weight × value of
 * the terms, which `scoreParts` repeats to the last bit. A signal that is not a number, or not finite, counts as
 * zero and is warned of; one outside 0..1 is clamped.
 */
export function scoreCandidates(work: Work, candidates: Int32Array): void {
  const { position, score: scores, signals, capacity } = work.pool.columns;
  const positions = new Int32Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] ?? 0;
    positions[i] = position[candidate] ?? 0;
    scores[candidate] = 0;
  }
  const out = new Float64Array(candidates.length);
  let at = 0;
  for (const { source, weight, offer } of work.active) {
    scoreAll(offer, { positions, out });
    let broken = 0;
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i] ?? 0;
      const raw = out[i] ?? 0;
      const value = raw > 0 ? (raw < 1 ? raw : raw < Infinity ? 1 : 0) : 0;
      if (!Number.isFinite(raw)) broken++;
      signals[at + candidate] = value;
      scores[candidate] = (scores[candidate] ?? 0) + weight * value;
    }
    at += capacity;
    if (broken > 0) warnOfBroken(work, source.name, broken);
  }
  for (const term of work.terms) addTerm(work, term, candidates);
}

function addTerm(
  work: Work,
  { weight, valueOf }: ActiveTerm,
  candidates: Int32Array,
): void {
  const { position, score: scores } = work.pool.columns;
  for (const candidate of candidates) {
    const value = valueOf(position[candidate] ?? 0);
    scores[candidate] = (scores[candidate] ?? 0) + weight * value;
  }
}

function scoreAll(offer: Offered, many: ManyItems): void {
  if (offer.scoreInto !== undefined) {
    offer.scoreInto(many);
    return;
  }
  const { positions, out } = many;
  for (let i = 0; i < positions.length; i++) {
    out[i] = offer.scoreOf(positions[i] ?? 0);
  }
}

function warnOfBroken(work: Work, source: string, count: number): void {
  work.warnings.push({
    code: "SIGNAL_NOT_FINITE",
    detail: `${source} gave ${count} candidates a score that is no number; it counts as 0`,
  });
}

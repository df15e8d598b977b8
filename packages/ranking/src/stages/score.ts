import type { Stage, Work } from "../work.ts";

export const score: Stage = {
  name: "score",
  does: "Every candidate is scored by every signal, whoever offered it: the sum of weight × calibrated signal.",
  reasons: {},
  run(work) {
    scoreCandidates(work, work.alive);
  },
};

/**
 * Adds up weight × signal in the order of the sources, which `partsOf` repeats
 * to the last bit. A signal that is not a number, or not finite, counts as
 * zero and is warned of; one outside 0..1 is clamped.
 */
export function scoreCandidates(work: Work, candidates: Int32Array): void {
  const { position, score: scores, signals, capacity } = work.pool.columns;
  for (const candidate of candidates) scores[candidate] = 0;
  let at = 0;
  for (const { source, weight, offer } of work.active) {
    let broken = 0;
    for (const candidate of candidates) {
      const raw = offer.scoreOf(position[candidate] ?? 0);
      const value = raw > 0 ? (raw < 1 ? raw : raw < Infinity ? 1 : 0) : 0;
      if (!Number.isFinite(raw)) broken++;
      signals[at + candidate] = value;
      scores[candidate] = (scores[candidate] ?? 0) + weight * value;
    }
    at += capacity;
    if (broken > 0) warnOfBroken(work, source.name, broken);
  }
}

function warnOfBroken(work: Work, source: string, count: number): void {
  work.warnings.push({
    code: "SIGNAL_NOT_FINITE",
    detail: `${source} gave ${count} candidates a score that is no number; it counts as 0`,
  });
}

interface PairCounts {
  /** Baskets with both items, with each, and all. */
  readonly both: number;
  readonly a: number;
  readonly b: number;
  readonly count: number;
}

/**
 * G² of the 2 × 2 table of two items over baskets: 2 sum O ln(O / E), O and E
 * the observed and expected cells. 0 when they are independent; large for
 * attraction and for avoidance alike. Empty cells add nothing.
 * Source: Dunning 1993, section 5.
 */
export function logLikelihoodRatio(counts: PairCounts): number {
  const { both, a, b, count } = counts;
  const rest = count - a - b + both;
  return (
    2 *
    (term(both, (a * b) / count) +
      term(a - both, (a * (count - b)) / count) +
      term(b - both, ((count - a) * b) / count) +
      term(rest, ((count - a) * (count - b)) / count))
  );
}

function term(observed: number, expected: number): number {
  return observed > 0 ? observed * Math.log(observed / expected) : 0;
}

import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";
import type { Numbers } from "../moments.ts";
import { normalTwoSided } from "../special/normal.ts";

export interface MannWhitneyResult {
  /** Pairs with b > a plus half of the ties. */
  readonly uB: number;
  /** P(b > a) + ½ P(b = a). */
  readonly probabilityBGreater: ComputedNumber;
  /** |z| with tie and continuity correction. */
  readonly zAbsolute: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
}

/**
 * Mann–Whitney U: whether values of b tend to be larger than those of a, by
 * ranks. Normal approximation, variance corrected for ties, continuity 0.5.
 * Mann, Whitney, Annals of Mathematical Statistics 18 (1947); Lehmann, Nonparametrics (1975), 1.4.
 * Not computable for an empty group, or when all values are equal.
 */
export function mannWhitney(a: Numbers, b: Numbers): MannWhitneyResult {
  const [nA, nB] = [a.length, b.length];
  const n = nA + nB;
  const { rankSumB, tieSum } = rank(a, b);
  const uB = rankSumB - (nB * (nB + 1)) / 2;
  const centre = (nA * nB) / 2;
  const variance = ((nA * nB) / 12) * (n + 1 - tieSum / (n * (n - 1)));
  const empty = nA > 0 && nB > 0 ? null : "a group is empty";
  const because = empty ?? (variance > 0 ? null : "all values are equal");
  const distance = Math.max(0, Math.abs(uB - centre) - 0.5);
  const z = distance / Math.sqrt(variance);
  return {
    uB,
    probabilityBGreater: unless(empty, uB / (nA * nB)),
    zAbsolute: unless(because, z),
    pTwoSided: unless(because, normalTwoSided(z)),
  };
}

/** Sum of the mean ranks of b, and the sum of t³ - t over groups of t equal values. */
function rank(a: Numbers, b: Numbers) {
  const sortedA = Float64Array.from(a).sort();
  const sortedB = Float64Array.from(b).sort();
  let i = 0;
  let j = 0;
  let before = 0;
  let rankSumB = 0;
  let tieSum = 0;
  while (i < sortedA.length || j < sortedB.length) {
    const value = Math.min(sortedA[i] ?? Infinity, sortedB[j] ?? Infinity);
    const startA = i;
    const startB = j;
    while (i < sortedA.length && sortedA[i] === value) i++;
    while (j < sortedB.length && sortedB[j] === value) j++;
    const tied = i - startA + (j - startB);
    if (tied === 0) throw new Error("a value is not a number");
    rankSumB += (j - startB) * (before + (tied + 1) / 2);
    tieSum += tied ** 3 - tied;
    before += tied;
  }
  return { rankSumB, tieSum };
}

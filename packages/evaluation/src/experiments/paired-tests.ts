import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { seededRandom } from "@recsys/contracts";
import { around, unless } from "../computed.ts";
import type { Numbers } from "../moments.ts";
import { normalTwoSided } from "../special/normal.ts";
import { studentCritical, studentTwoSided } from "../special/student-t.ts";
import { momentsOf } from "./sample-moments.ts";

export interface PairedT {
  readonly difference: ComputedNumber;
  readonly standardError: ComputedNumber;
  readonly t: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
  readonly interval: ComputedInterval;
}

/**
 * Paired t test on differences, one per user. Student (1908).
 * Not computable below two users, or when all differences are equal.
 */
export function pairedT(differences: Numbers, alpha: number): PairedT {
  const { n, mean, variance } = momentsOf(differences);
  const standardError = Math.sqrt(variance / n);
  const few = n < 2 ? "it takes at least two users" : null;
  const because = few ?? (variance > 0 ? null : "all differences are equal");
  const t = mean / standardError;
  const known = because === null;
  const reach = known ? studentCritical(alpha, n - 1) * standardError : NaN;
  return {
    difference: unless(n < 1 ? "there are no users" : null, mean),
    standardError: unless(few, standardError),
    t: unless(because, t),
    pTwoSided: unless(because, known ? studentTwoSided(t, n - 1) : NaN),
    interval: around(mean, reach, because),
  };
}

/**
 * Randomisation test of paired differences: signs flipped at random, seeded;
 * p = (1 + flips at least as extreme) ÷ (1 + runs), so never 0.
 * Fisher (1935); Smucker, Allan, Carterette, CIKM (2007).
 * Not computable without a difference other than 0.
 */
export function signFlipTest(
  differences: Numbers,
  o: { readonly runs: number; readonly seed: number },
): ComputedNumber {
  const values = Float64Array.from(differences).filter((value) => value !== 0);
  if (values.length === 0) return unless("all differences are 0", NaN);
  const random = seededRandom(o.seed);
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0));
  // Rounding must not make a flip that gives the same sum look smaller.
  const bound = observed * (1 - 1e-12);
  let extreme = 0;
  for (let run = 0; run < o.runs; run++) {
    let sum = 0;
    for (const value of values) sum += random() < 0.5 ? value : -value;
    if (Math.abs(sum) >= bound) extreme++;
  }
  return unless(null, (1 + extreme) / (1 + o.runs));
}

export interface SignedRank {
  /** Sum of the ranks of positive differences. */
  readonly wPositive: number;
  readonly zAbsolute: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
}

/**
 * Wilcoxon's signed-rank test: zeros dropped, mean ranks for ties, normal
 * approximation with tie and continuity correction.
 * Wilcoxon (1945); Lehmann, Nonparametrics (1975), 3.2.
 * Not computable without a difference other than 0.
 */
export function signedRankTest(differences: Numbers): SignedRank {
  const values = [...differences].filter((value) => value !== 0);
  values.sort((x, y) => Math.abs(x) - Math.abs(y));
  const n = values.length;
  let [wPositive, tieSum] = [0, 0];
  for (let start = 0, end = 0; start < n; start = end) {
    const size = Math.abs(values[start] ?? 0);
    while (end < n && Math.abs(values[end] ?? 0) === size) end++;
    if (end === start) throw new Error("a difference is not a number");
    const positive = values.slice(start, end).filter((value) => value > 0);
    wPositive += positive.length * ((start + 1 + end) / 2);
    tieSum += (end - start) ** 3 - (end - start);
  }
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieSum / 48;
  const because = n > 0 ? null : "all differences are 0";
  const distance = Math.abs(wPositive - (n * (n + 1)) / 4) - 0.5;
  const z = Math.max(0, distance) / Math.sqrt(variance);
  return {
    wPositive,
    zAbsolute: unless(because, z),
    pTwoSided: unless(because, normalTwoSided(z)),
  };
}

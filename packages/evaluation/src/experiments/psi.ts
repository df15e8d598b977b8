import type { ComputedNumber } from "@recsys/contracts";
import { notComputable, unless } from "../computed.ts";

/**
 * Population stability index: sum over bins of (a - e) ln(a / e) with shares
 * floored at `epsilon`, natural log.
 * Siddiqi, Credit Risk Scorecards (2006); it is Jeffreys' divergence (1946).
 * Range 0..∞; from 0.1 worth a look, from 0.25 a shift by convention. Not computable for an empty side.
 */
export function populationStability(
  expected: readonly number[],
  actual: readonly number[],
  epsilon = 0.0001,
): ComputedNumber {
  const [sharesE, sharesA] = [shares(expected), shares(actual)];
  if (sharesE === null || sharesA === null) {
    return notComputable("one of the two has no counts");
  }
  if (sharesE.length !== sharesA.length) {
    throw new Error(`${sharesE.length} bins against ${sharesA.length}`);
  }
  let sum = 0;
  for (const [i, share] of sharesE.entries()) {
    const e = Math.max(share, epsilon);
    const a = Math.max(sharesA[i] ?? 0, epsilon);
    sum += (a - e) * Math.log(a / e);
  }
  return unless(null, sum);
}

/** Counts as shares of their sum; null when there is nothing. */
export function shares(counts: readonly number[]): number[] | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total > 0 ? counts.map((count) => count / total) : null;
}

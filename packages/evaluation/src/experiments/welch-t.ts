import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, unless } from "../computed.ts";
import { studentCritical, studentTwoSided } from "../special/student-t.ts";
import type { SampleMoments } from "./sample-moments.ts";

/** The difference b - a of two means, with its test. */
export interface MeanDifference {
  readonly difference: ComputedNumber;
  readonly standardError: ComputedNumber;
  readonly t: ComputedNumber;
  readonly df: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
  readonly interval: ComputedInterval;
}

/**
 * Welch's t test: difference ÷ √(v_a/n_a + v_b/n_b), degrees of freedom by
 * Welch and Satterthwaite, interval of level 1 - alpha from Student's t.
 * Welch, The generalization of Student's problem, Biometrika 34 (1947).
 * Not computable below two values per group or when both are constant.
 */
export function welchTest(
  a: SampleMoments,
  b: SampleMoments,
  alpha: number,
): MeanDifference {
  const difference = b.mean - a.mean;
  const shareA = a.variance / a.n;
  const shareB = b.variance / b.n;
  const square = shareA + shareB;
  const standardError = Math.sqrt(square);
  const empty = a.n < 1 || b.n < 1 ? "a group is empty" : null;
  const single =
    a.n < 2 || b.n < 2 ? "it takes at least two values per group" : empty;
  const because = single ?? (square > 0 ? null : "both groups are constant");
  const t = difference / standardError;
  const df = square ** 2 / (shareA ** 2 / (a.n - 1) + shareB ** 2 / (b.n - 1));
  const reach =
    because === null ? studentCritical(alpha, df) * standardError : NaN;
  return {
    difference: unless(empty, difference),
    standardError: unless(single, standardError),
    t: unless(because, t),
    df: unless(because, df),
    pTwoSided: unless(because, because === null ? studentTwoSided(t, df) : NaN),
    interval: around(difference, reach, because),
  };
}

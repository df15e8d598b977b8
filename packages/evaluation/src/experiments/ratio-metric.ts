import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, unless } from "../computed.ts";
import { normalCritical, normalTwoSided } from "../special/normal.ts";
import type { PairMoments } from "./sample-moments.ts";

/** The difference b - a of two ratios of means, with its test. */
export interface RatioDifference {
  readonly ratioA: ComputedNumber;
  readonly ratioB: ComputedNumber;
  readonly varianceA: ComputedNumber;
  readonly varianceB: ComputedNumber;
  readonly difference: ComputedNumber;
  readonly standardError: ComputedNumber;
  readonly z: ComputedNumber;
  readonly pTwoSided: ComputedNumber;
  readonly interval: ComputedInterval;
}

/**
 * Ratio metrics such as clicks per impression where the user is the unit:
 * mean(y) / mean(x) per group (y numerator, x denominator), variance by the
 * delta method, normal z.
 * Deng, Knoblich, Lu, Applying the delta method in metric analytics, KDD (2018).
 * Not computable where a mean denominator is 0 or a group has fewer than two users.
 */
export function ratioTest(
  a: PairMoments,
  b: PairMoments,
  alpha: number,
): RatioDifference {
  const [ratioA, ratioB] = [a.y.mean / a.x.mean, b.y.mean / b.x.mean];
  const [varianceA, varianceB] = [ratioVariance(a), ratioVariance(b)];
  const difference = ratioB - ratioA;
  const standardError = Math.sqrt(varianceA + varianceB);
  const z = difference / standardError;
  const noA = noRatio(a);
  const noB = noRatio(b);
  const none = noA ?? noB;
  const single =
    none ?? (a.x.n < 2 || b.x.n < 2 ? "it takes two users per group" : null);
  const untested =
    single ?? (standardError > 0 ? null : "both ratios are without variance");
  return {
    ratioA: unless(noA, ratioA),
    ratioB: unless(noB, ratioB),
    varianceA: unless(noA, varianceA),
    varianceB: unless(noB, varianceB),
    difference: unless(none, difference),
    standardError: unless(single, standardError),
    z: unless(untested, z),
    pTwoSided: unless(untested, normalTwoSided(z)),
    interval: around(difference, normalCritical(alpha) * standardError, single),
  };
}

/** Delta-method variance of mean(y) / mean(x); rounding may leave it a hair below 0. */
export function ratioVariance({ x, y, covariance }: PairMoments): number {
  const [mx, my] = [x.mean, y.mean];
  const sum =
    y.variance / mx ** 2 -
    (2 * my * covariance) / mx ** 3 +
    (my ** 2 * x.variance) / mx ** 4;
  return Math.max(0, sum / x.n);
}

function noRatio({ x }: PairMoments): string | null {
  if (x.n < 1) return "a group is empty";
  return x.mean === 0 ? "the mean denominator of a group is 0" : null;
}

import type { ComputedNumber } from "@recsys/contracts";
import { notComputable, unless, valueOf } from "../computed.ts";
import {
  mergePairs,
  type PairMoments,
  type SampleMoments,
} from "./sample-moments.ts";
import { welchTest, type MeanDifference } from "./welch-t.ts";

export interface CupedResult {
  readonly theta: ComputedNumber;
  readonly adjusted: MeanDifference & GroupMeans;
  readonly unadjusted: MeanDifference & GroupMeans;
  /** 1 - (adjusted ÷ unadjusted standard error)². */
  readonly varianceReduction: ComputedNumber;
}

interface GroupMeans {
  readonly meanA: number;
  readonly meanB: number;
}

/**
 * CUPED: y - θ (x - pooled mean of x), θ = cov(y, x) / var(x) over both groups
 * together, then Welch's test. x is a covariate from before the experiment.
 * Deng, Xu, Kohavi, Walker, Improving the sensitivity of online controlled experiments, WSDM (2013).
 * Not computable when x is constant: the plain test stands in `unadjusted`.
 */
export function cuped(
  a: PairMoments,
  b: PairMoments,
  alpha: number,
): CupedResult {
  const pooled = mergePairs(a, b);
  const theta = pooled.covariance / pooled.x.variance;
  const because = pooled.x.variance > 0 ? null : "the covariate does not vary";
  const plain = testOf(a.y, b.y, alpha);
  const adjustedA = adjust(a, theta, pooled.x.mean);
  const adjustedB = adjust(b, theta, pooled.x.mean);
  const adjusted = testOf(adjustedA, adjustedB, alpha);
  const errors = [adjusted, plain].map((test) => valueOf(test.standardError));
  const share = (errors[0] ?? NaN) / (errors[1] ?? NaN);
  return {
    theta: unless(because, theta),
    adjusted: because === null ? adjusted : withoutTest(adjusted, because),
    unadjusted: plain,
    varianceReduction: unless(because, 1 - share * share),
  };
}

function testOf(a: SampleMoments, b: SampleMoments, alpha: number) {
  return { ...welchTest(a, b, alpha), meanA: a.mean, meanB: b.mean };
}

function adjust(
  { x, y, covariance }: PairMoments,
  theta: number,
  centre: number,
): SampleMoments {
  const variance =
    y.variance - 2 * theta * covariance + theta * theta * x.variance;
  return {
    n: y.n,
    mean: y.mean - theta * (x.mean - centre),
    variance: Math.max(0, variance),
  };
}

function withoutTest(
  means: GroupMeans,
  because: string,
): MeanDifference & GroupMeans {
  const reason = notComputable(because);
  return {
    meanA: means.meanA,
    meanB: means.meanB,
    difference: reason,
    standardError: reason,
    t: reason,
    df: reason,
    pTwoSided: reason,
    interval: reason,
  };
}

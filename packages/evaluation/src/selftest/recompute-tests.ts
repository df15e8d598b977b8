import { seededRandom } from "@recsys/contracts";
import {
  bootstrapDifference,
  bootstrapMean,
  percentile,
} from "../bootstrap.ts";
import { cuped } from "../experiments/cuped.ts";
import { mannWhitney } from "../experiments/mann-whitney.ts";
import { ratioTest } from "../experiments/ratio-metric.ts";
import { momentsOf, pairMomentsOf } from "../experiments/sample-moments.ts";
import { twoProportionTest } from "../experiments/two-proportion.ts";
import { welchTest, type MeanDifference } from "../experiments/welch-t.ts";
import { fieldsOf, type JsonObject } from "./fields.ts";
import { plain, plainInterval } from "./plain.ts";
import type { Recompute } from "./recompute.ts";

export const recomputeWelch: Recompute = (input) => {
  const fields = fieldsOf(input);
  const [a, b] = [
    momentsOf(fields.numbers("a")),
    momentsOf(fields.numbers("b")),
  ];
  const test = welchTest(a, b, fields.number("alpha"));
  return withMeans(test, a.mean, b.mean);
};

export const recomputeTwoProportion: Recompute = (input) => {
  const { number } = fieldsOf(input);
  const test = twoProportionTest(
    { successes: number("successes_a"), n: number("n_a") },
    { successes: number("successes_b"), n: number("n_b") },
    number("alpha"),
  );
  const relative = plainInterval(test.relativeInterval);
  const [a, b] = [test.wilsonA, test.wilsonB].map(plainInterval);
  return {
    p_a: plain(test.proportionA),
    p_b: plain(test.proportionB),
    diff: plain(test.difference),
    z_pooled: plain(test.z),
    p_two_sided: plain(test.pTwoSided),
    p_one_sided_b_greater: plain(test.pBGreater),
    ...plainInterval(test.interval),
    relative_lift: plain(test.relativeLift),
    relative_ci_low: relative.ci_low,
    relative_ci_high: relative.ci_high,
    wilson_a: { low: a?.ci_low ?? null, high: a?.ci_high ?? null },
    wilson_b: { low: b?.ci_low ?? null, high: b?.ci_high ?? null },
  };
};

export const recomputeRatio: Recompute = (input) => {
  const { numbers, number } = fieldsOf(input);
  const test = ratioTest(
    pairMomentsOf(numbers("impressions_a"), numbers("clicks_a")),
    pairMomentsOf(numbers("impressions_b"), numbers("clicks_b")),
    number("alpha"),
  );
  return {
    ratio_a: plain(test.ratioA),
    ratio_b: plain(test.ratioB),
    var_a: plain(test.varianceA),
    var_b: plain(test.varianceB),
    diff: plain(test.difference),
    standard_error: plain(test.standardError),
    z: plain(test.z),
    p_two_sided: plain(test.pTwoSided),
    ...plainInterval(test.interval),
  };
};

export const recomputeMannWhitney: Recompute = (input) => {
  const { numbers } = fieldsOf(input);
  const test = mannWhitney(numbers("a"), numbers("b"));
  return {
    u_b: test.uB,
    auc_b_over_a: plain(test.probabilityBGreater),
    z_abs: plain(test.zAbsolute),
    p_two_sided: plain(test.pTwoSided),
  };
};

export const recomputeCuped: Recompute = (input) => {
  const { numbers, number } = fieldsOf(input);
  const result = cuped(
    pairMomentsOf(numbers("x_a"), numbers("y_a")),
    pairMomentsOf(numbers("x_b"), numbers("y_b")),
    number("alpha"),
  );
  const { adjusted, unadjusted } = result;
  return {
    theta: plain(result.theta),
    adjusted: withMeans(adjusted, adjusted.meanA, adjusted.meanB),
    unadjusted: withMeans(unadjusted, unadjusted.meanA, unadjusted.meanB),
    variance_reduction: plain(result.varianceReduction),
  };
};

/** The file holds the generator, the quantile, a mean and a difference. */
export const recomputeBootstrap: Recompute = (input, expected) => {
  const fields = fieldsOf(input);
  if (fields.has("q")) {
    const sorted = fields.numbers("values").sort((x, y) => x - y);
    return { values: fields.numbers("q").map((q) => percentile(sorted, q)) };
  }
  const seed = fields.number("seed");
  if (!fields.has("resamples")) {
    const random = seededRandom(seed);
    return {
      values: Array.from({ length: wanted(expected, "values") }, random),
    };
  }
  const confidence = 1 - fields.number("alpha");
  const options = { resamples: fields.number("resamples"), seed, confidence };
  const result = fields.has("values")
    ? bootstrapMean(fields.numbers("values"), options)
    : bootstrapDifference(fields.numbers("a"), fields.numbers("b"), options);
  return {
    estimate: result.estimate,
    ci_low: result.low,
    ci_high: result.high,
    boot_se: result.standardError,
    first_means: [
      ...result.resampled.slice(0, wanted(expected, "first_means")),
    ],
  };
};

function wanted(expected: JsonObject, name: string): number {
  const fields = fieldsOf(expected);
  return fields.has(name) ? fields.list(name).length : 0;
}

function withMeans(test: MeanDifference, meanA: number, meanB: number) {
  return {
    mean_a: finite(meanA),
    mean_b: finite(meanB),
    diff: plain(test.difference),
    standard_error: plain(test.standardError),
    t: plain(test.t),
    df: plain(test.df),
    p_two_sided: plain(test.pTwoSided),
    ...plainInterval(test.interval),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

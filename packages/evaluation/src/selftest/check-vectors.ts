import { compareValues, type Difference } from "./compare-values.ts";
import { isObject, type JsonObject, type JsonValue } from "./fields.ts";
import type { Recompute } from "./recompute.ts";
import {
  recomputeAlwaysValid,
  recomputeBayesianBeta,
  recomputeDrift,
  recomputeMultipleTesting,
  recomputePower,
  recomputeSampleRatio,
} from "./recompute-guards.ts";
import {
  recomputeInterleaving,
  recomputeOffPolicy,
} from "./recompute-policies.ts";
import {
  recomputeBeyondAccuracy,
  recomputeCalibration,
  recomputeRankingAggregate,
  recomputeRankingMetrics,
  recomputeRankingOrder,
} from "./recompute-ranking.ts";
import {
  recomputeBootstrap,
  recomputeCuped,
  recomputeMannWhitney,
  recomputeRatio,
  recomputeTwoProportion,
  recomputeWelch,
} from "./recompute-tests.ts";

/** How the cases of each kind of file are computed, by the name that the file gives itself. */
const RECOMPUTE: Readonly<Record<string, Recompute>> = {
  ranking_metrics: recomputeRankingMetrics,
  ranking_order: recomputeRankingOrder,
  ranking_aggregate: recomputeRankingAggregate,
  beyond_accuracy: recomputeBeyondAccuracy,
  calibration: recomputeCalibration,
  welch_t: recomputeWelch,
  two_proportion: recomputeTwoProportion,
  ratio_metric_delta: recomputeRatio,
  mann_whitney: recomputeMannWhitney,
  cuped: recomputeCuped,
  bootstrap: recomputeBootstrap,
  srm_chi_square: recomputeSampleRatio,
  power: recomputePower,
  multiple_testing: recomputeMultipleTesting,
  always_valid: recomputeAlwaysValid,
  bayesian_beta: recomputeBayesianBeta,
  drift: recomputeDrift,
  off_policy: recomputeOffPolicy,
  interleaving: recomputeInterleaving,
};

export interface CheckedCase {
  readonly file: string;
  readonly name: string;
  /** Empty when the case passed. */
  readonly differences: readonly Difference[];
}

/**
 * Recomputes every case of a file of check vectors, `{file,
 * tolerance_absolute, cases: [{name, input, expected}]}`. What cannot be
 * computed or read is a difference of its case; throws for a file of another shape.
 */
export function checkVectors(file: JsonValue): CheckedCase[] {
  if (!isObject(file)) throw new Error("not a file of check vectors");
  const { file: name, tolerance_absolute: tolerance, cases } = file;
  if (
    typeof name !== "string" ||
    typeof tolerance !== "number" ||
    !Array.isArray(cases)
  ) {
    throw new Error(
      "not a file of check vectors: file, tolerance_absolute and cases are needed",
    );
  }
  return (cases as readonly JsonValue[]).map((one, i) => {
    const label = isObject(one) ? one["name"] : undefined;
    return {
      file: name,
      name: typeof label === "string" ? label : `case ${i}`,
      differences: checkCase(RECOMPUTE[name], one, tolerance),
    };
  });
}

function checkCase(
  recompute: Recompute | undefined,
  one: JsonValue,
  tolerance: number,
): readonly Difference[] {
  const input = isObject(one) ? one["input"] : undefined;
  const expected = isObject(one) ? one["expected"] : undefined;
  const refuse = (actual: string): Difference[] => [
    { path: "", expected: expected ?? null, actual },
  ];
  if (recompute === undefined) return refuse("nothing computes such a file");
  if (!isObject(input) || !isObject(expected)) {
    return refuse("the case has no input or nothing expected");
  }
  try {
    const actual: JsonObject = recompute(input, expected);
    return compareValues(expected, actual, tolerance);
  } catch (error) {
    return refuse(String(error));
  }
}

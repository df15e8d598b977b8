import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";
import { momentsOf } from "../experiments/sample-moments.ts";
import { effectiveSampleSize } from "./value-estimate.ts";

export interface WeightDiagnostics {
  readonly rows: number;
  /** Near 1 when the propensities are right and the log covers the target policy. */
  readonly meanWeight: ComputedNumber;
  readonly maxWeight: ComputedNumber;
  readonly effectiveSampleSize: ComputedNumber;
  /** Share of all weight on the heaviest 1 % of the rows (at least one). */
  readonly topShare: ComputedNumber;
  /** Share of rows whose action the target policy never takes. */
  readonly zeroShare: ComputedNumber;
  /** What stands against believing the estimates, in words; empty is good. */
  readonly warnings: readonly string[];
}

/** Below this many effective rows the normal intervals are not to be trusted. */
const ENOUGH_ROWS = 100;
/** Standard errors that the mean weight may be off from 1. */
const FAR_FROM_ONE = 4;

/**
 * Whether a log can judge a policy: size of the weights, effective rows,
 * and the mean weight, whose expectation is 1 exactly when the log could show
 * all that the target policy shows.
 * Owen, Monte Carlo Theory (2013), 9.3; Saito, Joachims, tutorial at RecSys (2021).
 */
export function diagnoseWeights(weight: Float64Array): WeightDiagnostics {
  const n = weight.length;
  const because = n > 0 ? null : "there are no rows";
  const sorted = weight.toSorted().reverse();
  const total = sorted.reduce((sum, w) => sum + w, 0);
  const top = sorted.subarray(0, Math.ceil(n / 100));
  const size = effectiveSampleSize(weight);
  const weightless = because ?? (total > 0 ? null : "all weights are 0");
  return {
    rows: n,
    meanWeight: unless(because, total / n),
    maxWeight: unless(because, sorted[0] ?? NaN),
    effectiveSampleSize: unless(weightless, size),
    topShare: unless(weightless, top.reduce((sum, w) => sum + w, 0) / total),
    zeroShare: unless(because, weight.filter((w) => w === 0).length / n),
    warnings: warn(weight, size),
  };
}

function warn(weight: Float64Array, size: number): string[] {
  const { n, mean, variance } = momentsOf(weight);
  const warnings: string[] = [];
  if (size < ENOUGH_ROWS) {
    warnings.push(`only ${size.toFixed(1)} effective rows of ${n}`);
  }
  const error = Math.sqrt(variance / n);
  if (Math.abs(mean - 1) > FAR_FROM_ONE * error + 1e-9) {
    warnings.push(
      `the mean weight is ${mean.toFixed(3)}, not 1: the propensities are wrong or the log lacks support`,
    );
  }
  return warnings;
}

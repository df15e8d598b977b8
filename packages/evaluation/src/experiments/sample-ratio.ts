import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";
import { chiSquareSurvival } from "../special/incomplete-gamma.ts";

/** Below this p-value the split is not the planned one. */
const SAMPLE_RATIO_ALPHA = 0.001;

export interface SampleRatioResult {
  readonly chiSquare: ComputedNumber;
  readonly df: number;
  readonly p: ComputedNumber;
  /** p < 0.001: nothing else of the experiment may be believed before the cause is found. */
  readonly mismatch: boolean;
}

/**
 * Sample-ratio mismatch: Pearson's chi-square of the counts per variant
 * against the planned ratios (any positive scale).
 * Fabijan et al., Diagnosing sample ratio mismatch, KDD (2019).
 * Not computable without counts or with fewer than two variants.
 */
export function sampleRatioTest(
  counts: readonly number[],
  ratios: readonly number[],
): SampleRatioResult {
  if (counts.length !== ratios.length) {
    throw new Error(`${counts.length} counts, ${ratios.length} ratios`);
  }
  const total = sum(counts);
  const scale = sum(ratios);
  let chiSquare = 0;
  for (const [i, count] of counts.entries()) {
    const expected = (total * (ratios[i] ?? 0)) / scale;
    // A variant that is planned to get nobody and got nobody says nothing.
    if (expected === 0 && count === 0) continue;
    chiSquare += (count - expected) ** 2 / expected;
  }
  const df = counts.length - 1;
  const because =
    df < 1 ? "it takes two variants" : total > 0 ? null : "nobody was assigned";
  // Somebody in a variant that was planned to get nobody: impossible under the plan.
  const p = chiSquare === Infinity ? 0 : chiSquareSurvival(chiSquare, df);
  return {
    chiSquare: unless(because, chiSquare),
    df,
    p: unless(because, p),
    mismatch: because === null && p < SAMPLE_RATIO_ALPHA,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

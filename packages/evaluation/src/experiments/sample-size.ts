import type { ComputedNumber } from "@recsys/contracts";
import { notComputable, unless } from "../computed.ts";
import { normalCritical, normalQuantile } from "../special/normal.ts";

export interface TestSettings {
  /** Two-sided. */
  readonly alpha: number;
  readonly power: number;
  /** n_b / n_a. */
  readonly ratio: number;
}

export interface SampleSize {
  /** Of group a, before rounding up. */
  readonly exact: ComputedNumber;
  readonly nA: ComputedNumber;
  readonly nB: ComputedNumber;
}

/**
 * Users needed to see p1 become p2: pooled variance under no effect, own
 * variances under the effect, normal approximation; each group rounded up.
 * Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions (2003), 4.2, without continuity correction.
 * Not computable without a difference.
 */
export function proportionSampleSize(
  { p1, p2 }: { readonly p1: number; readonly p2: number },
  { alpha, power, ratio }: TestSettings,
): SampleSize {
  const pooled = (p1 + ratio * p2) / (1 + ratio);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
  const underEffect = Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio);
  const sum =
    normalCritical(alpha) * underNone + normalQuantile(power) * underEffect;
  return sizes((sum / (p2 - p1)) ** 2, { ratio, effect: p2 - p1 });
}

/**
 * Users needed to see a difference `delta` of means with standard deviation
 * `sd`: (1 + 1/ratio)(z_(1-alpha/2) + z_power)² sd² / delta².
 * Chow, Shao, Wang, Sample Size Calculations in Clinical Research (2008), 3.2.
 * Not computable without a difference.
 */
export function meanSampleSize(
  { sd, delta }: { readonly sd: number; readonly delta: number },
  { alpha, power, ratio }: TestSettings,
): SampleSize {
  const z = normalCritical(alpha) + normalQuantile(power);
  return sizes((1 + 1 / ratio) * ((z * sd) / delta) ** 2, {
    ratio,
    effect: delta,
  });
}

function sizes(
  exact: number,
  { ratio, effect }: { readonly ratio: number; readonly effect: number },
): SampleSize {
  if (effect === 0) {
    const none = notComputable("no number of users shows a difference of 0");
    return { exact: none, nA: none, nB: none };
  }
  return {
    exact: unless(null, exact),
    nA: unless(null, Math.ceil(exact)),
    nB: unless(null, Math.ceil(exact * ratio)),
  };
}

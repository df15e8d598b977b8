import {
  normalCdf,
  normalCritical,
  normalQuantile,
} from "../special/normal.ts";
import { findRoot } from "../special/find-root.ts";
import { notComputable, unless } from "../computed.ts";
import type { ComputedNumber } from "@recsys/contracts";

export interface GroupSizes {
  readonly nA: number;
  readonly nB: number;
}

/**
 * Chance that the two-proportion z test (pooled variance) shows p1 ≠ p2, the
 * far tail included. Fleiss, Levin, Paik (2003), 4.2. Range alpha..1.
 */
export function proportionPower(
  { p1, p2 }: { readonly p1: number; readonly p2: number },
  { nA, nB }: GroupSizes,
  alpha: number,
): number {
  const pooled = (nA * p1 + nB * p2) / (nA + nB);
  const underNone = Math.sqrt(pooled * (1 - pooled) * (1 / nA + 1 / nB));
  const own = Math.sqrt((p1 * (1 - p1)) / nA + (p2 * (1 - p2)) / nB);
  const reach = normalCritical(alpha) * underNone;
  const effect = Math.abs(p2 - p1);
  return normalCdf((effect - reach) / own) + normalCdf((-effect - reach) / own);
}

/** Chance that the test of means shows a difference `delta`, the far tail included. */
export function meanPower(
  { sd, delta }: { readonly sd: number; readonly delta: number },
  { nA, nB }: GroupSizes,
  alpha: number,
): number {
  const effect = Math.abs(delta) / (sd * Math.sqrt(1 / nA + 1 / nB));
  const critical = normalCritical(alpha);
  return normalCdf(effect - critical) + normalCdf(-effect - critical);
}

/** Least difference of means that is shown with this power: (z_(1-alpha/2) + z_power) sd √(1/n_a + 1/n_b). */
export function meanDetectable(
  { sd, nA, nB }: GroupSizes & { readonly sd: number },
  { alpha, power }: { readonly alpha: number; readonly power: number },
): number {
  const z = normalCritical(alpha) + normalQuantile(power);
  return z * sd * Math.sqrt(1 / nA + 1 / nB);
}

/**
 * Least rise above p1 that is shown with this power: the root of
 * `proportionPower`. Not computable when not even p2 = 1 would be.
 */
export function proportionDetectable(
  { p1, nA, nB }: GroupSizes & { readonly p1: number },
  { alpha, power }: { readonly alpha: number; readonly power: number },
): ComputedNumber {
  const lack = (rise: number) =>
    proportionPower({ p1, p2: p1 + rise }, { nA, nB }, alpha) - power;
  const most = (1 - p1) * (1 - 1e-12);
  const least = most * 1e-9;
  if (!(lack(most) >= 0)) {
    return notComputable("so few users show no rise with this power");
  }
  return unless(null, lack(least) >= 0 ? least : findRoot(lack, least, most));
}

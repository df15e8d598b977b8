import { findRoot } from "./find-root.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { normalQuantile } from "./normal.ts";

/** The two-sided p-value P(|T| > |t|) of Student's t; Abramowitz, Stegun 26.7.1, by the incomplete beta function. */
export function studentTwoSided(t: number, df: number): number {
  const square = t * t;
  if (square === Infinity) return 0;
  const point = { x: df / (df + square), y: square / (df + square) };
  return incompleteBeta(point, df / 2, 0.5).lower;
}

/** The t with P(|T| > t) = alpha, for 0 < alpha < 1. */
export function studentCritical(alpha: number, df: number): number {
  const beyond = (t: number) => studentTwoSided(t, df) - alpha;
  const low = -normalQuantile(alpha / 2);
  // Student's tail is the heavier one, so the normal value is below the root.
  let high = 2 * low + 1;
  while (beyond(high) > 0) high *= 2;
  return beyond(low) <= 0 ? low : findRoot(beyond, low, high);
}

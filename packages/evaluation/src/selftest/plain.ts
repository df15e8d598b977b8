import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";

/** A number as the files have it: null where it is not defined. */
export function plain(number: ComputedNumber): number | null {
  return number.kind === "number" ? number.value : null;
}

/** An interval as the files have it. */
export function plainInterval(interval: ComputedInterval) {
  const known = interval.kind === "interval";
  return {
    ci_low: known ? interval.low : null,
    ci_high: known ? interval.high : null,
  };
}

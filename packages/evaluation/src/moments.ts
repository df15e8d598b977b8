import type { ComputedNumber } from "@recsys/contracts";
import { computed, notComputable } from "./computed.ts";

/** A sample: plain or typed. */
export type Numbers = readonly number[] | Float64Array;

/** Arithmetic mean. */
export function mean(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Sample standard deviation (n - 1); NaN for fewer than two values. */
export function sampleDeviation(values: Numbers): number {
  const n = values.length;
  if (n < 2) return NaN;
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return Math.sqrt(sum / (n - 1));
}

/** Mean, or the reason that there is none. */
export function computedMean(values: Numbers): ComputedNumber {
  if (values.length === 0) return notComputable("no user has a value");
  return computed(mean(values));
}

/** Sample standard deviation (n - 1) / sqrt(n). */
export function standardError(values: Numbers): ComputedNumber {
  if (values.length < 2) return notComputable("it takes at least two users");
  return computed(sampleDeviation(values) / Math.sqrt(values.length));
}

import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, computed, notComputable, unless } from "../computed.ts";
import { momentsOf } from "../experiments/sample-moments.ts";
import { normalCritical } from "../special/normal.ts";
import { studentCritical } from "../special/student-t.ts";
import type { WeightedRows } from "./weighted-rows.ts";

/** What a policy would have earned per decision, and how sure that is. */
export interface ValueEstimate {
  readonly value: ComputedNumber;
  readonly standardError: ComputedNumber;
  /** Normal: value ± z · standard error. */
  readonly interval: ComputedInterval;
  /** Student's with effective sample size - 1 degrees of freedom: wide where few rows carry the weight. Decisions read this one. */
  readonly cautiousInterval: ComputedInterval;
}

/** An estimate that is a mean of one term per row. */
export function meanOfTerms(
  terms: Float64Array,
  rows: WeightedRows,
  alpha: number,
): ValueEstimate {
  const { n, mean, variance } = momentsOf(terms);
  const error = Math.sqrt(variance / n);
  return withError({ value: mean, error, n }, rows, alpha);
}

/** An estimate with a standard error of its own (not computable below two rows). */
export function withError(
  o: { readonly value: number; readonly error: number; readonly n: number },
  rows: WeightedRows,
  alpha: number,
): ValueEstimate {
  if (o.n === 0) return absent("there are no rows");
  const few = o.n < 2 ? "it takes at least two rows" : null;
  const df = effectiveSampleSize(rows.weight) - 1;
  const thin = few ?? (df > 1e-9 ? null : "one row carries all of the weight");
  return {
    value: computed(o.value),
    standardError: unless(few, o.error),
    interval: around(o.value, normalCritical(alpha) * o.error, few),
    cautiousInterval: around(
      o.value,
      thin === null ? studentCritical(alpha, df) * o.error : NaN,
      thin,
    ),
  };
}

/** No estimate, with the reason. */
export function absent(because: string): ValueEstimate {
  const none = notComputable(because);
  return {
    value: none,
    standardError: none,
    interval: none,
    cautiousInterval: none,
  };
}

/** (Σw)² / Σw²: rows of equal weight that would say as much. Kish, Survey Sampling (1965). Range 0..n. */
export function effectiveSampleSize(weight: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const w of weight) {
    sum += w;
    squares += w * w;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

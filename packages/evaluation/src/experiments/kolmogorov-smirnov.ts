import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";
import type { Numbers } from "../moments.ts";
import { kolmogorovSurvival } from "../special/kolmogorov.ts";

export interface KolmogorovSmirnovResult {
  /** Largest distance between the two empirical distributions. */
  readonly distance: ComputedNumber;
  readonly pAsymptotic: ComputedNumber;
}

/**
 * Two-sample Kolmogorov–Smirnov: D and p = K(√(nm/(n+m)) D) by Kolmogorov's
 * limiting distribution, conservative for ties and small samples.
 * Smirnov, Annals of Mathematical Statistics 19 (1948).
 * Not computable for an empty sample.
 */
export function kolmogorovSmirnov(
  a: Numbers,
  b: Numbers,
): KolmogorovSmirnovResult {
  const [n, m] = [a.length, b.length];
  const because = n > 0 && m > 0 ? null : "a sample is empty";
  const distance = largestDistance(
    Float64Array.from(a).sort(),
    Float64Array.from(b).sort(),
  );
  const scaled = Math.sqrt((n * m) / (n + m)) * distance;
  return {
    distance: unless(because, distance),
    pAsymptotic: unless(because, kolmogorovSurvival(scaled)),
  };
}

/** Both ascending; equal values are passed together. */
function largestDistance(a: Float64Array, b: Float64Array): number {
  // Sorting puts NaN last.
  if (Number.isNaN((a.at(-1) ?? 0) + (b.at(-1) ?? 0))) {
    throw new Error("a value is not a number");
  }
  let [i, j, most] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while (i < a.length && (a[i] ?? Infinity) <= value) i++;
    while (j < b.length && (b[j] ?? Infinity) <= value) j++;
    most = Math.max(most, Math.abs(i / a.length - j / b.length));
  }
  return most;
}

import { seededRandom, type ComputedInterval } from "@recsys/contracts";
import { notComputable } from "./computed.ts";
import { mean, sampleDeviation, type Numbers } from "./moments.ts";

/** How an interval was drawn; reports print it, so that anybody can repeat it. */
export interface BootstrapOptions {
  readonly resamples: number;
  /** 32-bit seed of the generator mulberry32. */
  readonly seed: number;
  /** Such as 0.95. */
  readonly confidence: number;
}

export interface BootstrapResult {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Sample standard deviation (n - 1) of the resampled statistics. */
  readonly standardError: number;
  /** In the order drawn. */
  readonly resampled: Float64Array;
}

/**
 * Percentile bootstrap of the mean. Index = floor(u · n), resamples drawn one
 * after another; interval by linear interpolation (type 7).
 * Efron, Tibshirani, An Introduction to the Bootstrap (1993), ch. 13.
 */
export function bootstrapMean(
  values: Numbers,
  options: BootstrapOptions,
): BootstrapResult {
  const draw = meanOfResample(values, seededRandom(options.seed));
  return summariseResamples(mean(values), draw, options);
}

/** Percentile bootstrap of mean(b) - mean(a) for two independent samples; per resample a's indices are drawn first. */
export function bootstrapDifference(
  a: Numbers,
  b: Numbers,
  options: BootstrapOptions,
): BootstrapResult {
  const random = seededRandom(options.seed);
  const drawA = meanOfResample(a, random);
  const drawB = meanOfResample(b, random);
  const draw = () => {
    const first = drawA();
    return drawB() - first;
  };
  return summariseResamples(mean(b) - mean(a), draw, options);
}

/** Bootstrap interval of the mean, or the reason that there is none. */
export function meanInterval(
  values: Numbers,
  options: BootstrapOptions,
): ComputedInterval {
  if (values.length < 2) return notComputable("it takes at least two users");
  if (options.resamples < 1) return notComputable("no resamples were asked");
  const { low, high } = bootstrapMean(values, options);
  return { kind: "interval", low, high };
}

/** Quantile by linear interpolation between order statistics (numpy's default, R type 7); `sorted` ascending, not empty. */
export function percentile(sorted: Numbers, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (position - below) * (high - low);
}

function meanOfResample(values: Numbers, random: () => number): () => number {
  const n = values.length;
  return () => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(random() * n)] ?? 0;
    return sum / n;
  };
}

/** Interval and spread of `options.resamples` draws of a statistic. */
export function summariseResamples(
  estimate: number,
  draw: () => number,
  { resamples, confidence }: BootstrapOptions,
): BootstrapResult {
  const resampled = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) resampled[i] = draw();
  const sorted = resampled.toSorted();
  const alpha = 1 - confidence;
  return {
    estimate,
    low: percentile(sorted, alpha / 2),
    high: percentile(sorted, 1 - alpha / 2),
    standardError: sampleDeviation(resampled),
    resampled,
  };
}

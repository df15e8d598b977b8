import type { Numbers } from "../moments.ts";

/** What tests of means need of a sample; a database can compute it, so rows need not be read. */
export interface SampleMoments {
  readonly n: number;
  readonly mean: number;
  /** Sample variance (n - 1); NaN below two values. */
  readonly variance: number;
}

/** Two numbers per user: moments of each and their sample covariance. */
export interface PairMoments {
  readonly x: SampleMoments;
  readonly y: SampleMoments;
  readonly covariance: number;
}

/** Moments of a sample, in two passes. */
export function momentsOf(values: Numbers): SampleMoments {
  const n = values.length;
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const distance = numberAt(values, i) - mean;
    squares += distance * distance;
  }
  return { n, mean, variance: squares / (n > 1 ? n - 1 : NaN) };
}

/** Moments of pairs; throws when the two samples are not of one length. */
export function pairMomentsOf(x: Numbers, y: Numbers): PairMoments {
  const n = x.length;
  if (y.length !== n) {
    throw new Error(`${n} values are paired with ${y.length}`);
  }
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const dx = numberAt(x, i) - meanX;
    const dy = numberAt(y, i) - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const freedom = n > 1 ? n - 1 : NaN;
  return {
    x: { n, mean: meanX, variance: xx / freedom },
    y: { n, mean: meanY, variance: yy / freedom },
    covariance: xy / freedom,
  };
}

/**
 * Moments of two samples put together.
 * Chan, Golub, LeVeque, Algorithms for computing the sample variance (1983).
 */
export function mergePairs(a: PairMoments, b: PairMoments): PairMoments {
  if (a.x.n === 0) return b;
  if (b.x.n === 0) return a;
  const n = a.x.n + b.x.n;
  const share = (a.x.n * b.x.n) / n;
  const dx = b.x.mean - a.x.mean;
  const dy = b.y.mean - a.y.mean;
  const merged = (inA: number, inB: number, between: number) =>
    (within(inA, a.x.n) + within(inB, b.x.n) + share * between) / (n - 1);
  return {
    x: {
      n,
      mean: a.x.mean + (dx * b.x.n) / n,
      variance: merged(a.x.variance, b.x.variance, dx * dx),
    },
    y: {
      n,
      mean: a.y.mean + (dy * b.y.n) / n,
      variance: merged(a.y.variance, b.y.variance, dy * dy),
    },
    covariance: merged(a.covariance, b.covariance, dx * dy),
  };
}

/** Sum of squares (or products) of a sample; one value has none. */
function within(variance: number, n: number): number {
  return n > 1 ? variance * (n - 1) : 0;
}

/** Shifted by the first value, so that a large common offset costs no digits. */
function meanOf(values: Numbers): number {
  const shift = values[0] ?? NaN;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += numberAt(values, i) - shift;
  return shift + sum / values.length;
}

function numberAt(values: Numbers, i: number): number {
  return values[i] ?? NaN;
}

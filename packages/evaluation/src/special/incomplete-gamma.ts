import { deviance, stirlingError } from "./stirling.ts";

/** The two parts of a distribution at a point; the smaller is exact, not 1 minus the larger. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

const MOST_TERMS = 100_000;
const EPSILON = 2 ** -53;

/**
 * Regularised incomplete gamma functions P(a, x) and Q(a, x), a > 0, x ≥ 0:
 * power series below a + 1, Lentz's continued fraction above.
 * DLMF 8.7.1 and 8.9.2; Loader (2000) for the factor in front.
 */
function incompleteGamma(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Infinity) return { lower: 1, upper: 0 };
  const front =
    Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
  if (x < a + 1) {
    const lower = (front / a) * seriesSum(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * fraction(a, x);
  return { lower: 1 - upper, upper };
}

/** P(X > x) of a chi-square with `df` degrees of freedom. */
export function chiSquareSurvival(x: number, df: number): number {
  return incompleteGamma(df / 2, x / 2).upper;
}

function seriesSum(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MOST_TERMS; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let i = 1; i < MOST_TERMS; i++) {
    const step = -i * (i - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < EPSILON * 2) break;
  }
  return value;
}

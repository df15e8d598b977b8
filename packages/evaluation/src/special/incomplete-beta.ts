import { findRoot } from "./find-root.ts";
import type { Tails } from "./incomplete-gamma.ts";
import { deviance, stirlingError } from "./stirling.ts";

const MOST_TERMS = 100_000;
const EPSILON = 2 ** -52;
const TINY = 1e-300;

/** A point of [0, 1] with its complement, so that neither end loses digits. */
interface UnitPoint {
  readonly x: number;
  /** 1 - x. */
  readonly y: number;
}

/**
 * Regularised incomplete beta function I_x(a, b) and its complement, a, b > 0:
 * Lentz's continued fraction (DLMF 8.17.22) on the side where it converges
 * fast; the factor in front by Loader's deviance, exact for large a and b.
 */
export function incompleteBeta(
  { x, y }: UnitPoint,
  a: number,
  b: number,
): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  const front = betaKernel({ x, y }, a, b);
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (front / a) * fraction(x, a, b);
    return { lower, upper: 1 - lower };
  }
  const upper = (front / b) * fraction(y, b, a);
  return { lower: 1 - upper, upper };
}

/** x^a y^b / B(a, b): the density of Beta(a, b) times x y. */
export function betaKernel({ x, y }: UnitPoint, a: number, b: number): number {
  const n = a + b;
  const stirling = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const exponent = stirling - deviance(a, n * x) - deviance(b, n * y);
  return Math.sqrt((a * b) / (2 * Math.PI * n)) * Math.exp(exponent);
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < EPSILON) break;
  }
  return value;
}

function awayFromZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}

/** The x with I_x(a, b) = p, for 0 < p < 1: the root on the logit scale, where both ends have room. */
export function betaQuantile(p: number, a: number, b: number): number {
  const at = (t: number) => ({
    x: 1 / (1 + Math.exp(-t)),
    y: 1 / (1 + Math.exp(t)),
  });
  // The smaller tail is the exact one.
  const excess = (t: number) => {
    const { lower, upper } = incompleteBeta(at(t), a, b);
    return p < 0.5 ? lower - p : 1 - p - upper;
  };
  let reach = 1;
  const centre = Math.log(a / b);
  while (excess(centre - reach) > 0 || excess(centre + reach) < 0) {
    reach *= 2;
    if (reach > 700) return excess(centre) > 0 ? 0 : 1;
  }
  return at(findRoot(excess, centre - reach, centre + reach)).x;
}

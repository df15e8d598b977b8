const HALF_LOG_2_PI = 0.9189385332046728;

/** Where the asymptotic series below is exact to the last bit. */
const SERIES_FROM = 16;

/**
 * δ(x) of ln Γ(x) = (x - ½) ln x - x + ½ ln 2π + δ(x), for x > 0.
 * Stirling's series (Abramowitz, Stegun 6.1.41), reached from small x by the
 * recurrence δ(x) = δ(x + 1) + (x + ½) ln(1 + 1/x) - 1.
 */
export function stirlingError(x: number): number {
  let sum = 0;
  let at = x;
  for (; at < SERIES_FROM; at++) sum += (at + 0.5) * Math.log1p(1 / at) - 1;
  const r = 1 / (at * at);
  const series =
    1 / 12 -
    r *
      (1 / 360 -
        r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))));
  return sum + series / at;
}

/** ln Γ(x) for x > 0, to about 1e-15 absolute near 1 and 2, relative elsewhere. */
export function logGamma(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_2_PI + stirlingError(x);
}

/**
 * x ln(x / m) + m - x, without the cancellation of the plain formula near
 * x = m; 0 where x = m. Loader, Fast and accurate computation of binomial probabilities (2000).
 */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let power = 2 * x * v;
  for (let j = 3; j < 1000; j += 2) {
    power *= v * v;
    const next = sum + power / j;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

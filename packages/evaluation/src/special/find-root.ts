const MOST_STEPS = 200;

/**
 * A zero of a continuous f between low and high, where its signs differ, to
 * the last bits. Chandrupatla, Advances in Engineering Software 28 (1997).
 */
export function findRoot(
  f: (x: number) => number,
  low: number,
  high: number,
): number {
  let [a, b] = [high, low];
  let [fa, fb] = [f(a), f(b)];
  let [c, fc] = [a, fa];
  let t = 0.5;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = a + t * (b - a);
    const fx = f(x);
    if (Math.sign(fx) === Math.sign(fa)) [c, fc] = [a, fa];
    else [c, b, fc, fb] = [b, a, fb, fa];
    [a, fa] = [x, fx];
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const width = 2 ** -52 * Math.abs(best) + 1e-300;
    const share = width / Math.abs(b - a);
    if (share > 0.5 || fa === 0) return best;
    t = Math.max(share, Math.min(1 - share, nextShare()));
  }
  return a;

  /** Inverse quadratic interpolation where it is safe, else the middle. */
  function nextShare(): number {
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
    return (
      (fa / (fb - fa)) * (fc / (fb - fc)) +
      ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
    );
  }
}

const STEPS = 2000;

/**
 * Probabilities p that minimise ½ p'Qp + c'p, Q symmetric and positive
 * semidefinite: accelerated projected gradient.
 * Beck, Teboulle, A fast iterative shrinkage-thresholding algorithm, SIAM J. Imaging Sciences 2 (2009).
 */
export function minimiseOnSimplex(
  q: readonly (readonly number[])[],
  c: readonly number[],
): number[] {
  const n = c.length;
  const rate = 1 / (largestRowSum(q) + 1e-12);
  let p = new Array<number>(n).fill(1 / n);
  let ahead = p;
  let momentum = 1;
  for (let step = 0; step < STEPS; step++) {
    const from = ahead;
    const moved = from.map(
      (value, i) => value - rate * (dot(q[i] ?? [], from) + (c[i] ?? 0)),
    );
    const next = projectOnSimplex(moved);
    const faster = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const pull = (momentum - 1) / faster;
    const before = p;
    ahead = next.map((value, i) => value + pull * (value - (before[i] ?? 0)));
    [p, momentum] = [next, faster];
  }
  return p;
}

/** The nearest probabilities. Held, Wolfe, Crowder, Mathematical Programming 6 (1974). */
function projectOnSimplex(values: readonly number[]): number[] {
  let sum = 0;
  let threshold = 0;
  for (const [i, value] of values.toSorted((a, b) => b - a).entries()) {
    sum += value;
    const candidate = (sum - 1) / (i + 1);
    if (value > candidate) threshold = candidate;
  }
  return values.map((value) => Math.max(0, value - threshold));
}

/** Bounds the largest eigenvalue (Gershgorin). */
function largestRowSum(q: readonly (readonly number[])[]): number {
  const sums = q.map((row) => row.reduce((sum, v) => sum + Math.abs(v), 0));
  return Math.max(0, ...sums);
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

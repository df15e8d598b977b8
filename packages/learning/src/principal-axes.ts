/** Rounding alone is left after this many steps for one eigenvalue; two or three are usual. */
const MOST_STEPS = 60;

export interface PrincipalAxes {
  /** The eigenvectors as the rows of a d × d matrix, largest eigenvalue first. */
  readonly axes: Float64Array;
  /** The eigenvalues in the same order. */
  readonly spectrum: Float64Array;
}

/**
 * The eigenvectors and eigenvalues of a symmetric d × d matrix: Householder
 * tridiagonalisation, then implicit QL with Wilkinson shifts; about 9 d³
 * operations. Throws an Error when the matrix holds a number that is not
 * finite. Sources: Golub and Van Loan, "Matrix Computations", 8.3; Dubrulle,
 * Martin, Wilkinson, "The implicit QL algorithm" (Numer. Math. 12, 1968).
 */
export function principalAxes(matrix: Float32Array, d: number): PrincipalAxes {
  if (!matrix.every(Number.isFinite)) {
    throw new Error("a matrix with a number that is not finite has no axes");
  }
  const a = Float64Array.from(matrix);
  const betas = new Float64Array(d);
  const diagonal = new Float64Array(d);
  const beside = new Float64Array(d);
  for (let k = 0; k + 2 < d; k++) {
    betas[k] = reflect(a, d, k);
    beside[k] = a[k * d + k + 1] ?? 0;
  }
  if (d > 1) beside[d - 2] = a[(d - 2) * d + d - 1] ?? 0;
  for (let i = 0; i < d; i++) diagonal[i] = a[i * d + i] ?? 0;
  const turned = reflections(a, betas, d);
  for (let l = 0; l < d; l++) settle({ diagonal, beside, turned, d }, l);
  return byEigenvalue(turned, diagonal, d);
}

/**
 * Householder reflection H = I − beta v vᵀ that leaves of row k nothing right
 * of k + 1; A becomes H A H. The vector stays in column k below the diagonal,
 * with v[k + 1] = 1 implied.
 */
function reflect(a: Float64Array, d: number, k: number): number {
  const row = k * d;
  let beyond = 0;
  for (let j = k + 2; j < d; j++) beyond += (a[row + j] ?? 0) ** 2;
  if (beyond === 0) return 0;
  const first = a[row + k + 1] ?? 0;
  const length = Math.sqrt(first * first + beyond);
  const lead = first > 0 ? -beyond / (first + length) : first - length;
  const beta = (2 * lead * lead) / (beyond + lead * lead);
  const v = new Float64Array(d);
  v[k + 1] = 1;
  for (let j = k + 2; j < d; j++) v[j] = (a[row + j] ?? 0) / lead;
  const w = new Float64Array(d);
  let inner = 0;
  for (let i = k + 1; i < d; i++) {
    let sum = 0;
    for (let j = k + 1; j < d; j++) sum += (a[i * d + j] ?? 0) * (v[j] ?? 0);
    w[i] = beta * sum;
    inner += beta * sum * (v[i] ?? 0);
  }
  const half = (beta * inner) / 2;
  for (let i = k + 1; i < d; i++) w[i] = (w[i] ?? 0) - half * (v[i] ?? 0);
  for (let i = k + 1; i < d; i++) {
    const vi = v[i] ?? 0;
    const wi = w[i] ?? 0;
    for (let j = k + 1; j < d; j++) {
      const at = i * d + j;
      a[at] = (a[at] ?? 0) - vi * (w[j] ?? 0) - wi * (v[j] ?? 0);
    }
  }
  a[row + k + 1] = length;
  for (let i = k + 2; i < d; i++) a[i * d + k] = v[i] ?? 0;
  return beta;
}

/** The rows of (H₀ H₁ …)ᵀ, from the last reflection to the first. */
function reflections(
  a: Float64Array,
  betas: Float64Array,
  d: number,
): Float64Array {
  const q = new Float64Array(d * d);
  for (let i = 0; i < d; i++) q[i * d + i] = 1;
  const sums = new Float64Array(d);
  for (let k = d - 3; k >= 0; k--) {
    const beta = betas[k] ?? 0;
    if (beta === 0) continue;
    const v = (i: number) => (i === k + 1 ? 1 : (a[i * d + k] ?? 0));
    sums.fill(0);
    for (let i = k + 1; i < d; i++) {
      const vi = v(i);
      for (let j = k + 1; j < d; j++) {
        sums[j] = (sums[j] ?? 0) + vi * (q[i * d + j] ?? 0);
      }
    }
    for (let i = k + 1; i < d; i++) {
      const share = beta * v(i);
      for (let j = k + 1; j < d; j++) {
        const at = i * d + j;
        q[at] = (q[at] ?? 0) - share * (sums[j] ?? 0);
      }
    }
  }
  return q.map((_, at) => q[(at % d) * d + ((at / d) | 0)] ?? 0);
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Entry i is beside diagonal entries i and i + 1. */
  readonly beside: Float64Array;
  /** Rows are turned along. */
  readonly turned: Float64Array;
  readonly d: number;
}

/** QL steps until eigenvalue l stands alone. */
function settle(t: Tridiagonal, l: number): void {
  for (let step = 0; step < MOST_STEPS; step++) {
    const m = firstGap(t, l);
    if (m === l) return;
    chase(t, l, m);
  }
}

/** The first place from l on where the entry beside the diagonal is nothing next to it. */
function firstGap({ diagonal, beside, d }: Tridiagonal, l: number): number {
  for (let m = l; m + 1 < d; m++) {
    const size = Math.abs(diagonal[m] ?? 0) + Math.abs(diagonal[m + 1] ?? 0);
    if (Math.abs(beside[m] ?? 0) <= Number.EPSILON * size) return m;
    if (Math.abs(beside[m] ?? 0) < Number.MIN_VALUE / Number.EPSILON) return m;
  }
  return d - 1;
}

/** One implicit QL step on rows l to m. */
function chase(t: Tridiagonal, l: number, m: number): void {
  const { diagonal, beside } = t;
  const low = diagonal[l] ?? 0;
  const next = beside[l] ?? 0;
  const ratio = ((diagonal[l + 1] ?? 0) - low) / (2 * next);
  const root = Math.hypot(ratio, 1);
  let g =
    (diagonal[m] ?? 0) - low + next / (ratio + (ratio >= 0 ? root : -root));
  let sin = 1;
  let cos = 1;
  let shift = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = sin * (beside[i] ?? 0);
    const b = cos * (beside[i] ?? 0);
    const r = Math.hypot(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1] = (diagonal[i + 1] ?? 0) - shift;
      beside[m] = 0;
      return;
    }
    sin = f / r;
    cos = g / r;
    const above = (diagonal[i + 1] ?? 0) - shift;
    const turn = ((diagonal[i] ?? 0) - above) * sin + 2 * cos * b;
    shift = sin * turn;
    diagonal[i + 1] = above + shift;
    g = cos * turn - b;
    rotate(t, i, { sin, cos });
  }
  diagonal[l] = low - shift;
  beside[l] = g;
  beside[m] = 0;
}

/** Rows i and i + 1 turned in their plane. */
function rotate(
  { turned, d }: Tridiagonal,
  i: number,
  { sin, cos }: { readonly sin: number; readonly cos: number },
): void {
  const row = i * d;
  for (let j = row; j < row + d; j++) {
    const x = turned[j] ?? 0;
    const y = turned[j + d] ?? 0;
    turned[j + d] = sin * x + cos * y;
    turned[j] = cos * x - sin * y;
  }
}

function byEigenvalue(
  turned: Float64Array,
  diagonal: Float64Array,
  d: number,
): PrincipalAxes {
  const order = Array.from({ length: d }, (_, i) => i).sort(
    (x, y) => (diagonal[y] ?? 0) - (diagonal[x] ?? 0) || x - y,
  );
  const axes = new Float64Array(d * d);
  order.forEach((from, to) => {
    axes.set(turned.subarray(from * d, (from + 1) * d), to * d);
  });
  return {
    axes,
    spectrum: Float64Array.from(order, (i) => diagonal[i] ?? 0),
  };
}

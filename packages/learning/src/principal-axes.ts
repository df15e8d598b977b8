/** Beyond this many sweeps rounding alone is left; convergence takes under ten. */
const MOST_SWEEPS = 40;
/** What counts as zero beside the largest entry. */
const NOTHING = 1e-14;

/**
 * The eigenvectors of a symmetric d × d matrix as the rows of a d × d matrix,
 * largest eigenvalue first. Cyclic Jacobi: Golub and Van Loan, "Matrix
 * Computations", 8.5. O(d³) per sweep.
 */
export function principalAxes(matrix: Float32Array, d: number): Float64Array {
  const a = Float64Array.from(matrix);
  const axes = new Float64Array(d * d);
  for (let i = 0; i < d; i++) axes[i * d + i] = 1;
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let isDone = true;
    for (let p = 0; p < d; p++) {
      for (let q = p + 1; q < d; q++) {
        if (Math.abs(a[p * d + q] ?? 0) <= NOTHING * largest) continue;
        isDone = false;
        turn(a, axes, { d, p, q });
      }
    }
    if (isDone) break;
  }
  return byEigenvalue(a, axes, d);
}

interface Plane {
  readonly d: number;
  readonly p: number;
  readonly q: number;
}

/** One rotation that makes a[p, q] zero. */
function turn(a: Float64Array, axes: Float64Array, plane: Plane): void {
  const { d, p, q } = plane;
  const difference = (a[q * d + q] ?? 0) - (a[p * d + p] ?? 0);
  const theta = difference / (2 * (a[p * d + q] ?? 0));
  const tangent =
    (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cos = 1 / Math.sqrt(tangent * tangent + 1);
  const sin = tangent * cos;
  rotate(a, { from: p, to: q, step: d, d, cos, sin });
  rotate(a, { from: p * d, to: q * d, step: 1, d, cos, sin });
  rotate(axes, { from: p * d, to: q * d, step: 1, d, cos, sin });
}

/** Two rows (step 1) or two columns (step d) turned in their plane. */
function rotate(
  values: Float64Array,
  by: {
    readonly from: number;
    readonly to: number;
    readonly step: number;
    readonly d: number;
    readonly cos: number;
    readonly sin: number;
  },
): void {
  const { d, step, cos, sin } = by;
  let i = by.from;
  let j = by.to;
  for (let k = 0; k < d; k++) {
    const x = values[i] ?? 0;
    const y = values[j] ?? 0;
    values[i] = cos * x - sin * y;
    values[j] = sin * x + cos * y;
    i += step;
    j += step;
  }
}

function byEigenvalue(
  a: Float64Array,
  axes: Float64Array,
  d: number,
): Float64Array {
  const order = Array.from({ length: d }, (_, i) => i).sort(
    (x, y) => (a[y * d + y] ?? 0) - (a[x * d + x] ?? 0) || x - y,
  );
  const sorted = new Float64Array(d * d);
  order.forEach((from, to) => {
    sorted.set(axes.subarray(from * d, (from + 1) * d), to * d);
  });
  return sorted;
}

/** Every row of `rows` (n × d) in the coordinates of the axes, in place: lengths and products of rows stay. */
export function turnRows(
  rows: Float32Array,
  axes: Float64Array,
  d: number,
): void {
  const row = new Float64Array(d);
  for (let start = 0; start + d <= rows.length; start += d) {
    for (let j = 0; j < d; j++) row[j] = rows[start + j] ?? 0;
    for (let k = 0; k < d; k++) rows[start + k] = product(axes, k * d, row);
  }
}

/** Four running sums, so that one addition need not wait for the last. */
function product(axes: Float64Array, start: number, row: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = 0;
  for (; j + 4 <= row.length; j += 4) {
    s0 += (axes[start + j] ?? 0) * (row[j] ?? 0);
    s1 += (axes[start + j + 1] ?? 0) * (row[j + 1] ?? 0);
    s2 += (axes[start + j + 2] ?? 0) * (row[j + 2] ?? 0);
    s3 += (axes[start + j + 3] ?? 0) * (row[j + 3] ?? 0);
  }
  for (; j < row.length; j++) s0 += (axes[start + j] ?? 0) * (row[j] ?? 0);
  return s0 + s1 + (s2 + s3);
}

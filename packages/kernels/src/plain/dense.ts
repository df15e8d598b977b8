import type { VectorSlice } from "@recsys/contracts";

export function dot(a: VectorSlice, b: VectorSlice, length: number): number {
  const x = a.values;
  const y = b.values;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += at(x, a.offset + i) * at(y, b.offset + i);
  }
  return sum;
}

export function axpy(
  alpha: number,
  x: VectorSlice,
  y: VectorSlice & { readonly length: number },
): void {
  const source = x.values;
  const target = y.values;
  for (let i = 0; i < y.length; i++) {
    target[y.offset + i] =
      at(target, y.offset + i) + alpha * at(source, x.offset + i);
  }
}

/** Sums in double precision, row after row, and rounds once at the end. */
export function gram(x: Float32Array, d: number): Float32Array {
  const sums = new Float64Array(d * d);
  for (let start = 0; d > 0 && start + d <= x.length; start += d) {
    for (let i = 0; i < d; i++) {
      const xi = at(x, start + i);
      const row = i * d;
      for (let j = 0; j <= i; j++) {
        sums[row + j] = at(sums, row + j) + xi * at(x, start + j);
      }
    }
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) sums[j * d + i] = at(sums, i * d + j);
  }
  return Float32Array.from(sums);
}

/** Four running sums hide the latency of addition; their order is fixed. */
export function scoreRows(
  matrix: Float32Array,
  vector: Float32Array,
  into: Float32Array,
): void {
  const d = vector.length;
  const whole = d - (d % 4);
  for (let row = 0; row < into.length; row++) {
    const start = row * d;
    let a = 0;
    let b = 0;
    let c = 0;
    let e = 0;
    for (let j = 0; j < whole; j += 4) {
      a += at(matrix, start + j) * at(vector, j);
      b += at(matrix, start + j + 1) * at(vector, j + 1);
      c += at(matrix, start + j + 2) * at(vector, j + 2);
      e += at(matrix, start + j + 3) * at(vector, j + 3);
    }
    for (let j = whole; j < d; j++) {
      a += at(matrix, start + j) * at(vector, j);
    }
    into[row] = a + b + (c + e);
  }
}

/** The compiler cannot know that an index is in range; the engine inlines this. */
export function at(values: Float32Array | Float64Array, i: number): number {
  return values[i] ?? 0;
}

export function gatherRows(
  matrix: Float32Array,
  positions: Int32Array,
  d: number,
): Float32Array {
  const rows = new Float32Array(positions.length * d);
  positions.forEach((position, i) => {
    rows.set(matrix.subarray(position * d, (position + 1) * d), i * d);
  });
  return rows;
}

/** Every row in the coordinates of the axes, in place: lengths and products of rows stay. */
export function turnRows(
  rows: Float32Array,
  axes: Float64Array,
  d: number,
): void {
  const row = new Float64Array(d);
  for (let start = 0; d > 0 && start + d <= rows.length; start += d) {
    for (let j = 0; j < d; j++) row[j] = at(rows, start + j);
    for (let k = 0; k < d; k++) rows[start + k] = alongAxis(axes, k * d, row);
  }
}

/** Four running sums, so that one addition need not wait for the last. */
function alongAxis(
  axes: Float64Array,
  start: number,
  row: Float64Array,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let j = 0;
  for (; j + 4 <= row.length; j += 4) {
    s0 += at(axes, start + j) * at(row, j);
    s1 += at(axes, start + j + 1) * at(row, j + 1);
    s2 += at(axes, start + j + 2) * at(row, j + 2);
    s3 += at(axes, start + j + 3) * at(row, j + 3);
  }
  for (; j < row.length; j++) s0 += at(axes, start + j) * at(row, j);
  return s0 + s1 + (s2 + s3);
}

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
  for (let start = 0; start + d <= x.length; start += d) {
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

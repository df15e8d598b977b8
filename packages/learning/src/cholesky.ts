/** Rounding alone can bring a pivot to 0: the floor keeps vectors finite. */
export const SMALLEST_PIVOT = 1e-12;

/**
 * Solves a x = b for a symmetric positive definite matrix, of which the lower
 * triangle is read: Cholesky and both substitutions without an allocation;
 * `a` becomes its factor, `b` becomes x.
 */
export function solveInPlace(a: Float64Array, b: Float64Array): void {
  const d = b.length;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const sum = (a[i * d + j] ?? 0) - dotRows(a, { p: i * d, q: j * d }, j);
      a[i * d + j] =
        i === j
          ? Math.sqrt(Math.max(sum, SMALLEST_PIVOT))
          : sum / (a[j * d + j] ?? 0);
    }
  }
  for (let i = 0; i < d; i++) {
    let sum = b[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (a[i * d + k] ?? 0) * (b[k] ?? 0);
    b[i] = sum / (a[i * d + i] ?? 0);
  }
  // By columns of Lᵀ, which are rows of L and lie together in memory.
  for (let i = d - 1; i >= 0; i--) {
    const x = (b[i] ?? 0) / (a[i * d + i] ?? 0);
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] = (b[k] ?? 0) - x * (a[i * d + k] ?? 0);
  }
}

/** Product of the stretches of `a` that begin at p and q. Four running sums, so that one addition need not wait for the last. */
export function dotRows(
  a: Float64Array,
  at: { readonly p: number; readonly q: number },
  length: number,
): number {
  const { p, q } = at;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += (a[p + k] ?? 0) * (a[q + k] ?? 0);
    s1 += (a[p + k + 1] ?? 0) * (a[q + k + 1] ?? 0);
    s2 += (a[p + k + 2] ?? 0) * (a[q + k + 2] ?? 0);
    s3 += (a[p + k + 3] ?? 0) * (a[q + k + 3] ?? 0);
  }
  for (; k < length; k++) s0 += (a[p + k] ?? 0) * (a[q + k] ?? 0);
  return s0 + s1 + (s2 + s3);
}

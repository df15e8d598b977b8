/**
 * The numeric inner loops. `packages/kernels` implements this; `learning`
 * and `ranking` take an implementation as a parameter. All matrices are
 * row-major; every operation is deterministic.
 */
export interface Kernels {
  /** Sum of a[i] * b[i] over the first `length` elements from the offsets. */
  dot(a: VectorSlice, b: VectorSlice, length: number): number;
  /** y += alpha * x over `length` elements. */
  axpy(
    alpha: number,
    x: VectorSlice,
    y: VectorSlice & { readonly length: number },
  ): void;
  /** XᵀX of a rows × d matrix, as d × d. */
  gram(x: Float32Array, d: number): Float32Array;
  /** Solves A x = b for symmetric positive definite A (d × d); A is overwritten by its Cholesky factor. Throws when A is not positive definite. */
  solveSpd(a: Float64Array, b: Float64Array): Float64Array;
  /** The `k` largest of scores, best first, ties by lower position; NaN never enters. */
  topK(scores: Float32Array, k: number): Int32Array;
}

export interface VectorSlice {
  readonly values: Float32Array;
  readonly offset: number;
}

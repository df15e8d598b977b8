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
  /** into[row] = the row of `matrix` (rows × length of `vector`) times `vector`. */
  scoreRows(
    matrix: Float32Array,
    vector: Float32Array,
    into: Float32Array,
  ): void;
  /** Improves rows [from, to) of one side of implicit ALS in place; see `AlsRows`. */
  alsRows(task: AlsRows): void;
}

/**
 * For each row: `steps` of conjugate gradient, from where `solution` stands,
 * on (alpha0 * G + sum w q qᵀ + reg I) x = sum w q over the row's entries,
 * where q is the entry's row of `fixed`, w its weight and G = fixedᵀ fixed.
 * Rows are independent of each other, so any split gives the same result.
 * Source: Rendle et al., "Revisiting the Performance of iALS" (RecSys 2022), eq. 5.
 */
export interface AlsRows {
  /** Compressed rows: row i is `[offsets[i], offsets[i + 1])`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
  readonly fixed: Float32Array;
  /** fixedᵀ fixed, dimension × dimension. */
  readonly gram: Float32Array;
  readonly solution: Float32Array;
  /** One per row. */
  readonly regularisation: Float32Array;
  /** Weight of the cells without an entry. */
  readonly alpha0: number;
  readonly dimension: number;
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}

export interface VectorSlice {
  readonly values: Float32Array;
  readonly offset: number;
}

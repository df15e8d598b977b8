/**
 * The numeric inner loops. `packages/kernels` implements this; `learning`
 * and `ranking` take an implementation as a parameter. All matrices are
 * row-major; every operation is deterministic and gives the same bits for any
 * number of threads. Arrays of any origin are taken; those made by
 * `workspace` are not copied.
 */
export interface Kernels {
  /** Rows of this multiple of numbers are not copied to be padded. */
  readonly lane: number;
  /** Lends arrays in the memory of the kernels until `work` returns; what it returns must not be one of them. Throws a RangeError beyond the memory's limit. */
  workspace<T>(work: (space: Workspace) => T): T;
  /** Sum of a[i] * b[i] over the first `length` elements from the offsets. */
  dot(a: VectorSlice, b: VectorSlice, length: number): number;
  /** y += alpha * x over `length` elements. */
  axpy(
    alpha: number,
    x: VectorSlice,
    y: VectorSlice & { readonly length: number },
  ): void;
  /** Rows of `matrix` (rows × d) at `positions`, one after the other. */
  gatherRows(
    matrix: Float32Array,
    positions: Int32Array,
    d: number,
  ): Float32Array;
  /** XᵀX of a rows × d matrix, as d × d. */
  gram(x: Float32Array, d: number): Float32Array;
  /** Every row of `rows` (n × d) in the coordinates of the axes (the rows of a d × d matrix), in place. */
  turnRows(rows: Float32Array, axes: Float64Array, d: number): void;
  /** Solves A x = b for symmetric positive definite A (d × d); A is overwritten by its Cholesky factor. Throws when A is not positive definite. */
  solveSpd(a: Float64Array, b: Float64Array): Float64Array;
  /** A symmetric positive definite n × n matrix becomes its inverse; only the lower triangle is read. Throws when it is not positive definite. */
  invertSpd(matrix: Float32Array, n: number): void;
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
  /** The product of two sparse matrices as a dense one, rows × columns. */
  sparseProduct(pair: SparsePair): Float32Array;
  /** The k best entries of each row of a product of two sparse matrices; see `PairSearch`. */
  bestPairs(search: PairSearch): ScoredEntries;
  /** Room for systems of up to `dimension` rows; see `Ridge`. */
  createRidge(dimension: number): Ridge;
  /** Prepares rows (n × d) for searches by inner product. Throws on NaN. */
  createScan(rows: Float32Array, d: number, kind: ScanKind): Scan;
}

/** Zeroed arrays in the memory of the kernels. */
export interface Workspace {
  f32(length: number): Float32Array;
  i32(length: number): Int32Array;
}

/**
 * For each row: `steps` of conjugate gradient, from where `solution` stands,
 * on (alpha0 * G + sum w q qᵀ + reg I) x = sum w q over the row's entries,
 * where q is the entry's row of `fixed`, w its weight and G = fixedᵀ fixed,
 * which must be diagonal: `fixed` and `solution` are given in the principal
 * axes of G. Conjugate gradient takes the same steps in any orthogonal
 * coordinates, and a diagonal costs d where a matrix costs d².
 * Rows are independent of each other, so any split gives the same result.
 * Source: Rendle et al., "Revisiting the Performance of iALS" (RecSys 2022), eq. 5.
 */
export interface AlsRows {
  /** Compressed rows: row i is `[offsets[i], offsets[i + 1])`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly weights: Float32Array;
  readonly fixed: Float32Array;
  /** The diagonal of fixedᵀ fixed, `dimension` numbers. */
  readonly spectrum: Float32Array;
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

/** Compressed rows; without values every entry is 1. Values must be above 0 and finite. */
export interface SparseEntries {
  /** Row i is `[offsets[i], offsets[i + 1])`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values?: Float32Array;
}

export interface SparsePair {
  readonly left: SparseEntries;
  /** As many rows as `left` has columns. */
  readonly right: SparseEntries;
  /** Columns of `right`. */
  readonly columnCount: number;
}

/**
 * With s = left · right, the score of entry (r, c) is
 * (s − chance_r chance_c) / (norm_r norm_c + add_r + add_c − overlap s + shrink).
 * Scores of 0 or less and NaN never enter; nor do entries where s is 0.
 */
export interface PairSearch extends SparsePair {
  readonly k: number;
  /** Three numbers for each row: chance, norm, add. */
  readonly rowTerms: Float32Array;
  /** The same for each column. */
  readonly columnTerms: Float32Array;
  readonly overlap: number;
  readonly shrink: number;
  /** Leaves out entry (r, r). */
  readonly skipDiagonal: boolean;
}

/** Rows one after the other: row i is `[offsets[i], offsets[i + 1])`, best first, ties by lower position. */
export interface ScoredEntries {
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
  readonly scores: Float32Array;
}

/**
 * Solves (R Rᵀ + diag(y)) x = 1 for up to `dimension` rows of R, in double
 * precision and microseconds: the caller writes `rows` and `y` and finds x in
 * the place of y. Pivots below 1e-12 are taken as that.
 */
export interface Ridge {
  /** Row-major, `stride` numbers a row; what is beyond `dimension` stays 0. */
  readonly rows: Float64Array;
  readonly stride: number;
  readonly y: Float64Array;
  solve(count: number): void;
}

/** `bytes` holds a quarter of the memory beside the rows and finds the same rows with the same scores. */
export type ScanKind = "floats" | "bytes";

export interface Scan {
  readonly rows: number;
  readonly dimension: number;
  /** The k rows with the largest product with `query`, best first, ties by lower position. Throws on NaN. */
  best(query: Float32Array, k: number): Omit<ScoredEntries, "offsets">;
}

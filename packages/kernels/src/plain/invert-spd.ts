import { at } from "./dense.ts";

/**
 * A = L Lᵀ, W = L⁻¹, A⁻¹ = WᵀW, in double precision, O(n³). Throws an Error
 * that names the pivot when A is not positive definite.
 * Source: Golub and Van Loan, "Matrix Computations", 4.2.
 */
export function invertSpd(matrix: Float32Array, n: number): void {
  const l = Float64Array.from(matrix);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(l, i * n + j);
      for (let k = 0; k < j; k++) sum -= at(l, i * n + k) * at(l, j * n + k);
      if (i !== j) l[i * n + j] = sum / at(l, j * n + j);
      else if (sum > 0) l[i * n + i] = Math.sqrt(sum);
      else throw new Error(`not positive definite: pivot ${i}`);
    }
  }
  const w = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    w[i * n + i] = 1;
    for (let k = 0; k < i; k++) {
      const share = at(l, i * n + k);
      for (let j = 0; j <= k; j++) {
        w[i * n + j] = at(w, i * n + j) - share * at(w, k * n + j);
      }
    }
    for (let j = 0; j <= i; j++)
      w[i * n + j] = at(w, i * n + j) / at(l, i * n + i);
  }
  square(matrix, w, n);
}

/** matrix = WᵀW for a lower triangular W. */
function square(matrix: Float32Array, w: Float64Array, n: number): void {
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = i; k < n; k++) {
      const share = at(w, k * n + i);
      for (let j = 0; j <= i; j++)
        row[j] = at(row, j) + share * at(w, k * n + j);
    }
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = at(row, j);
      matrix[j * n + i] = at(row, j);
    }
  }
}

import { at } from "./dense.ts";

/**
 * A = L Lᵀ by Cholesky, then forward and back substitution. `a` is overwritten
 * by L (lower triangle). Throws an Error that names the pivot when A is not
 * positive definite. Source: Golub and Van Loan, Matrix Computations, 4.2.5.
 */
export function solveSpd(a: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  if (a.length !== d * d) {
    throw new Error(
      `a matrix of ${d} × ${d} is needed, got ${a.length} numbers`,
    );
  }
  factorise(a, d);
  const x = Float64Array.from(b);
  for (let i = 0; i < d; i++) {
    let sum = at(x, i);
    for (let k = 0; k < i; k++) sum -= at(a, i * d + k) * at(x, k);
    x[i] = sum / at(a, i * d + i);
  }
  for (let i = d - 1; i >= 0; i--) {
    let sum = at(x, i);
    for (let k = i + 1; k < d; k++) sum -= at(a, k * d + i) * at(x, k);
    x[i] = sum / at(a, i * d + i);
  }
  return x;
}

function factorise(a: Float64Array, d: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(a, i * d + j);
      for (let k = 0; k < j; k++) sum -= at(a, i * d + k) * at(a, j * d + k);
      if (i !== j) {
        a[i * d + j] = sum / at(a, j * d + j);
      } else if (sum > 0) {
        a[i * d + i] = Math.sqrt(sum);
      } else {
        throw new Error(`not positive definite: pivot ${i} is ${sum}`);
      }
    }
  }
}

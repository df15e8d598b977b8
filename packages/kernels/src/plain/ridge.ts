import type { Ridge } from "@recsys/contracts";
import { at } from "./dense.ts";

const LEAST_PIVOT = 1e-12;

/** Cholesky and both substitutions, rows of L as they come. */
export function createRidge(dimension: number): Ridge {
  const rows = new Float64Array(dimension * dimension);
  const system = new Float64Array(dimension * dimension);
  const y = new Float64Array(dimension);
  const d = dimension;
  return {
    rows,
    stride: d,
    y,
    solve(count) {
      if (!(count <= d)) {
        throw new RangeError(`${count} rows are more than ${d}`);
      }
      for (let i = 0; i < count; i++) {
        for (let k = 0; k <= i; k++) {
          let sum = i === k ? at(y, i) : 0;
          sum += product(rows, { p: i * d, q: k * d, length: d });
          sum -= product(system, { p: i * d, q: k * d, length: k });
          system[i * d + k] =
            i === k
              ? Math.sqrt(Math.max(sum, LEAST_PIVOT))
              : sum / at(system, k * d + k);
        }
        let rest = 1;
        for (let k = 0; k < i; k++) rest -= at(system, i * d + k) * at(y, k);
        y[i] = rest / at(system, i * d + i);
      }
      for (let i = count - 1; i >= 0; i--) {
        const x = at(y, i) / at(system, i * d + i);
        y[i] = x;
        for (let k = 0; k < i; k++) y[k] = at(y, k) - x * at(system, i * d + k);
      }
    },
  };
}

/** Four running sums, so that one addition need not wait for the last. */
function product(
  a: Float64Array,
  o: { readonly p: number; readonly q: number; readonly length: number },
): number {
  const { p, q, length } = o;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 4 <= length; k += 4) {
    s0 += at(a, p + k) * at(a, q + k);
    s1 += at(a, p + k + 1) * at(a, q + k + 1);
    s2 += at(a, p + k + 2) * at(a, q + k + 2);
    s3 += at(a, p + k + 3) * at(a, q + k + 3);
  }
  for (; k < length; k++) s0 += at(a, p + k) * at(a, q + k);
  return s0 + s1 + (s2 + s3);
}

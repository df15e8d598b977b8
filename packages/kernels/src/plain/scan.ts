import type { Scan } from "@recsys/contracts";
import { requireQuery, requireRows } from "../require-rows.ts";
import { at, scoreRows } from "./dense.ts";
import { topK } from "./top-k.ts";

/** Every product, then the largest; both kinds of scan are this one here. */
export function createScan(rows: Float32Array, d: number): Scan {
  const count = requireRows(rows, d);
  const products = new Float32Array(count);
  return {
    rows: count,
    dimension: d,
    best(query, k) {
      requireQuery(query, d);
      scoreRows(rows, query, products);
      const positions = topK(products, k);
      const scores = Float32Array.from(positions, (i) => at(products, i));
      return { positions, scores };
    },
  };
}

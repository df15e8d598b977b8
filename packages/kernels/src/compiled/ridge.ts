import type { Ridge } from "@recsys/contracts";
import { createArena } from "./arena.ts";
import { createPool } from "./pool.ts";

const LEAST_PIVOT = 1e-12;

/** Rows and unknowns lie in a small memory of their own, so that a call is one call. */
export function createRidge(
  module: WebAssembly.Module,
  dimension: number,
): Ridge {
  const stride = Math.ceil(dimension / 2) * 2;
  const numbers = 2 * stride * stride + stride + 1;
  const arena = createArena(numbers * 8 + 65536);
  const pool = createPool(module, arena, 1);
  const room = arena.keep();
  const f64 = (length: number) => {
    const bytes = room.bytes(length * 8);
    return new Float64Array(bytes.buffer, bytes.byteOffset, length);
  };
  const rows = f64(stride * stride);
  const system = f64(stride * stride);
  const y = f64(stride);
  const least = f64(1).fill(LEAST_PIVOT);
  const words = [
    rows.byteOffset,
    0,
    stride * 8,
    y.byteOffset,
    system.byteOffset,
    least.byteOffset,
  ];
  return {
    rows,
    stride,
    y,
    solve(count) {
      if (!(count <= dimension)) {
        throw new RangeError(`${count} rows are more than ${dimension}`);
      }
      words[1] = count;
      pool.run({ kernel: "ridge", chunks: 1, words });
    },
  };
}

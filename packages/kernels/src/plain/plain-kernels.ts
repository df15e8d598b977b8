import type { Kernels } from "@recsys/contracts";
import { alsRows } from "./als-rows.ts";
import { axpy, dot, gatherRows, gram, scoreRows, turnRows } from "./dense.ts";
import { invertSpd } from "./invert-spd.ts";
import { bestPairs, sparseProduct } from "./pairs.ts";
import { createRidge } from "./ridge.ts";
import { createScan } from "./scan.ts";
import { solveSpd } from "./solve-spd.ts";
import { topK } from "./top-k.ts";

/** The reference: plain TypeScript on typed arrays, the same numbers on every machine. */
export const plainKernels: Kernels = {
  lane: 1,
  workspace: (work) =>
    work({
      f32: (length) => new Float32Array(length),
      i32: (length) => new Int32Array(length),
    }),
  dot,
  axpy,
  gatherRows,
  gram,
  turnRows,
  solveSpd,
  invertSpd,
  topK,
  scoreRows,
  alsRows,
  sparseProduct,
  bestPairs,
  createRidge,
  createScan,
};

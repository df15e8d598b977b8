import type { Kernels } from "@recsys/contracts";
import { alsRows } from "./als-rows.ts";
import { axpy, dot, gram, scoreRows } from "./dense.ts";
import { solveSpd } from "./solve-spd.ts";
import { topK } from "./top-k.ts";

/** The reference: plain TypeScript on typed arrays, the same numbers on every machine. */
export const plainKernels: Kernels = {
  dot,
  axpy,
  gram,
  solveSpd,
  topK,
  scoreRows,
  alsRows,
};

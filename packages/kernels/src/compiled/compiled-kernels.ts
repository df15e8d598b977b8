import type { Kernels } from "@recsys/contracts";
import { plainKernels } from "../plain/plain-kernels.ts";
import { alsRows } from "./als-rows.ts";
import { createArena } from "./arena.ts";
import { gram, LANE, turnRows } from "./dense.ts";
import { invertSpd } from "./invert-spd.ts";
import { bestPairs, sparseProduct } from "./pairs.ts";
import { createPool } from "./pool.ts";
import { createRidge } from "./ridge.ts";
import { createScan } from "./scan.ts";

/**
 * The kernels of the compiled module. What a call of one vector costs is
 * mostly the call, so those stay in plain TypeScript.
 */
export function compiledKernels(
  module: WebAssembly.Module,
  limits: { readonly threads: number; readonly memoryBytes?: number },
): { readonly kernels: Kernels; readonly close: () => void } {
  const arena = createArena(limits.memoryBytes);
  const pool = createPool(module, arena, limits.threads);
  const machine = { arena, pool };
  return {
    kernels: {
      ...plainKernels,
      lane: LANE,
      workspace: (work) => arena.lend(work),
      gram: (x, d) => gram(machine, x, d),
      turnRows: (rows, axes, d) => {
        turnRows(machine, rows, { axes, d });
      },
      invertSpd: (matrix, n) => {
        invertSpd(machine, matrix, n);
      },
      alsRows: (task) => {
        alsRows(machine, task);
      },
      sparseProduct: (pair) => sparseProduct(machine, pair),
      bestPairs: (search) => bestPairs(machine, search),
      createRidge: (dimension) => createRidge(module, dimension),
      createScan: (rows, d, kind) => createScan(module, rows, { d, kind }),
    },
    close: () => {
      pool.close();
    },
  };
}

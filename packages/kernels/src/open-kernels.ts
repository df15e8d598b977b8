import type { Kernels } from "@recsys/contracts";
import { compiledKernels } from "./compiled/compiled-kernels.ts";
import { compiledModule } from "./compiled/compiled-module.ts";
import { plainKernels } from "./plain/plain-kernels.ts";

export interface OpenKernels {
  readonly kernels: Kernels;
  /** `plain` where the compiled kernels were not built or cannot run here. */
  readonly engine: "compiled" | "plain";
  /** Ends the threads; the memory goes with the last array on it. */
  readonly close: () => void;
}

/**
 * Kernels for one task: a memory that grows with it and up to `threads`
 * threads, the caller among them, which start when there is work for two.
 * Calls block the caller until they are done. Throws a RangeError unless
 * `threads` is a whole number from 1 to 64.
 */
export function openKernels(
  options: {
    readonly threads?: number;
    /** At most; 4 GiB is what 32 bits address. */
    readonly memoryBytes?: number;
    readonly engine?: "compiled" | "plain";
  } = {},
): OpenKernels {
  const { threads = 1, engine } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new RangeError(`threads is ${threads}, must be from 1 to 64`);
  }
  const module = engine === "plain" ? null : compiledModule();
  if (module === null) {
    if (engine === "compiled") throw new Error(NOT_BUILT);
    return {
      kernels: plainKernels,
      engine: "plain",
      close: () => undefined,
    };
  }
  return {
    ...compiledKernels(module, { ...options, threads }),
    engine: "compiled",
  };
}

const NOT_BUILT =
  "the compiled kernels are not here: node scripts/build-kernels.mjs makes them";

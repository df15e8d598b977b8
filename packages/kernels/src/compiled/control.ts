/** 32-bit words at the start of the shared memory, by which the threads of a pool agree. */
export const CONTROL = {
  /** Raised with each job; threads wait on it. */
  generation: 0,
  /** 1 while a job may be joined. */
  open: 1,
  /** Threads that take part now. */
  active: 2,
  next: 3,
  chunks: 4,
  kernel: 5,
  failed: 6,
  scratch: 7,
  scratchBytes: 8,
  quit: 9,
} as const;

/** The job's arguments lie here, in bytes; they are at most 48 words. */
export const ARGUMENTS = 64;
/** Everything else lies behind. */
export const FIRST_FREE = 256;

/** The compiled functions in the order of their numbers; each takes arguments, chunk and scratch. */
export const KERNEL_NAMES = [
  "alsRows",
  "gramRows",
  "turnRows",
  "factoriseTile",
  "choleskyColumn",
  "inverseColumn",
  "inverseProduct",
  "sparseRows",
  "pairRows",
  "scanFloats",
  "scanBytes",
  "rankExactly",
  "ridge",
] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

type CompiledKernel = (args: number, chunk: number, scratch: number) => void;
export type CompiledKernels = readonly CompiledKernel[];

/** The kernels of one thread on the memory that all share. */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): CompiledKernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return KERNEL_NAMES.map((name) => exports[name] as CompiledKernel);
}

/** Takes chunks of the job at hand until none is left; a call returns after each, or its code would never be replaced by the optimised one. */
export function takeChunks(
  control: Int32Array,
  kernels: CompiledKernels,
  thread: number,
): void {
  const kernel = kernels[control[CONTROL.kernel] ?? 0];
  const chunks = control[CONTROL.chunks] ?? 0;
  const scratch =
    ((control[CONTROL.scratch] ?? 0) >>> 0) +
    thread * ((control[CONTROL.scratchBytes] ?? 0) >>> 0);
  for (;;) {
    const chunk = Atomics.add(control, CONTROL.next, 1);
    if (chunk >= chunks) return;
    kernel?.(ARGUMENTS, chunk, scratch);
  }
}

import { workerData } from "node:worker_threads";
import {
  CONTROL,
  instantiate,
  takeChunks,
  type CompiledKernels,
} from "./control.ts";

/** What a thread of the pool is started with. */
export interface PoolThread {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** From 1; the caller is thread 0. */
  readonly thread: number;
}

const { module, memory, thread } = workerData as PoolThread;
serve(
  new Int32Array(memory.buffer, 0, Object.keys(CONTROL).length),
  instantiate(module, memory),
);

function serve(control: Int32Array, kernels: CompiledKernels): void {
  let seen = 0;
  for (;;) {
    Atomics.wait(control, CONTROL.generation, seen);
    seen = Atomics.load(control, CONTROL.generation);
    if (Atomics.load(control, CONTROL.quit) === 1) return;
    takePart(control, kernels);
  }
}

/** Counted in before it looks whether the job is open: so the caller, who closes first and counts then, misses nobody. */
function takePart(control: Int32Array, kernels: CompiledKernels): void {
  Atomics.add(control, CONTROL.active, 1);
  try {
    if (Atomics.load(control, CONTROL.open) === 1) {
      takeChunks(control, kernels, thread);
    }
  } catch {
    // A trap; the caller says it, with the name of the kernel.
    Atomics.store(control, CONTROL.failed, 1);
  } finally {
    Atomics.sub(control, CONTROL.active, 1);
    Atomics.notify(control, CONTROL.active);
  }
}

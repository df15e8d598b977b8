import { Worker } from "node:worker_threads";
import type { Arena } from "./arena.ts";
import {
  ARGUMENTS,
  CONTROL,
  instantiate,
  KERNEL_NAMES,
  takeChunks,
  type KernelName,
} from "./control.ts";
import type { PoolThread } from "./pool-thread.ts";

/** One call of a kernel on all threads. */
export interface PoolJob {
  readonly kernel: KernelName;
  readonly chunks: number;
  /** Pointers, counts and other whole numbers; `floats` gives the words that are not. */
  readonly words: readonly number[];
  readonly floats?: Readonly<Record<number, number>>;
  /** Bytes of room that each thread needs, zeroed. */
  readonly scratchBytes?: number;
}

export interface Pool {
  /** Returns when every chunk is done. Throws an Error when a kernel traps. */
  run(job: PoolJob): void;
  /** Word `i` of the last job's arguments, which kernels may change. */
  word(i: number): number;
  close(): void;
}

/**
 * The caller and `threads - 1` others, started with the first job of more
 * than one chunk. The caller never waits for a thread to start, only for
 * those that have begun. Which thread takes which chunk changes no result.
 */
export function createPool(
  module: WebAssembly.Module,
  arena: Arena,
  threads: number,
): Pool {
  const { memory } = arena;
  const control = new Int32Array(memory.buffer, 0, ARGUMENTS / 4);
  const words = new Uint32Array(memory.buffer, ARGUMENTS, 48);
  const floats = new Float32Array(memory.buffer, ARGUMENTS, 48);
  const kernels = instantiate(module, memory);
  let isStarted = false;
  const startOthers = () => {
    isStarted = true;
    for (let thread = 1; thread < threads; thread++) {
      startThread({ module, memory, thread });
    }
  };
  return {
    run(job) {
      if (job.chunks <= 0) return;
      arena.lend((room) => {
        const scratchBytes = Math.ceil((job.scratchBytes ?? 0) / 64) * 64;
        const scratch = room.bytes(scratchBytes * threads);
        words.set(job.words);
        for (const [i, value] of Object.entries(job.floats ?? {})) {
          floats[Number(i)] = value;
        }
        control[CONTROL.next] = 0;
        control[CONTROL.chunks] = job.chunks;
        control[CONTROL.kernel] = KERNEL_NAMES.indexOf(job.kernel);
        control[CONTROL.scratch] = scratch.byteOffset;
        control[CONTROL.scratchBytes] = scratchBytes;
        const isShared = job.chunks > 1 && threads > 1;
        if (isShared && !isStarted) startOthers();
        if (isShared) open(control);
        try {
          takeChunks(control, kernels, 0);
        } finally {
          if (isShared) closeJob(control);
        }
        if (Atomics.exchange(control, CONTROL.failed, 0) === 1) {
          throw new Error(`the kernel ${job.kernel} failed in a thread`);
        }
      });
    },
    word: (i) => words[i] ?? 0,
    close() {
      Atomics.store(control, CONTROL.quit, 1);
      Atomics.add(control, CONTROL.generation, 1);
      Atomics.notify(control, CONTROL.generation);
    },
  };
}

function open(control: Int32Array): void {
  Atomics.store(control, CONTROL.open, 1);
  Atomics.add(control, CONTROL.generation, 1);
  Atomics.notify(control, CONTROL.generation);
}

/** Nobody may join from here on; waits for those who have. */
function closeJob(control: Int32Array): void {
  Atomics.store(control, CONTROL.open, 0);
  for (;;) {
    const active = Atomics.load(control, CONTROL.active);
    if (active === 0) return;
    Atomics.wait(control, CONTROL.active, active);
  }
}

function startThread(workerData: PoolThread): void {
  const worker = new Worker(threadFile(), { workerData });
  // The process ends with its own work, not with a thread that waits for more.
  worker.unref();
}

/** The file has the extension that this one has: .ts in the repository, .js when published. */
function threadFile(): URL {
  const file = new URL("./pool-thread.ts", import.meta.url);
  return import.meta.url.endsWith(".ts")
    ? file
    : new URL(file.href.replace(/\.ts$/, ".js"));
}

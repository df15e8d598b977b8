import { Worker } from "node:worker_threads";
import type {
  FromThread,
  LearningInput,
  LearnTask,
  ToThread,
} from "./learner-messages.ts";

/** Learns beside the event loop, which stays free for heartbeats and, in a service, for requests. */
export interface Learner {
  /** Makes an input known under a name. */
  load(set: string, input: LearningInput): void;
  forget(set: string): void;
  /** The bytes of the artifact; rejects with the learner's own error. */
  learn(
    set: string,
    task: LearnTask,
    onProgress?: (fraction: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((fraction: number) => void) | undefined;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

/** Starts `threads` learner threads; tasks go to the one with the least to do. */
export function startLearner(threads = 1): Learner {
  const all = Array.from({ length: threads }, startThread);
  let next = 0;
  const tell = (message: ToThread) => {
    for (const { worker } of all) worker.postMessage(message);
  };
  return {
    load: (set, input) => {
      tell({ kind: "load", set, input });
    },
    forget: (set) => {
      tell({ kind: "forget", set });
    },
    learn: (set, task, onProgress) => {
      const thread = leastBusy(all);
      const id = next++;
      return new Promise((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject, onProgress });
        const message: ToThread = { kind: "learn", id, set, task };
        thread.worker.postMessage(message);
      });
    },
    close: async () => {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

function startThread(): Thread {
  // The file has the extension that this one has: .ts in the repository, .js when published.
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const worker = new Worker(
    new URL(`./learner-thread.${extension}`, import.meta.url),
  );
  const waiting = new Map<number, Waiting>();
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (message: FromThread) => {
    receive(waiting, message);
  });
  worker.on("error", failAll);
  worker.on("exit", () => {
    failAll(new Error("the learner thread ended"));
  });
  return { worker, waiting };
}

function receive(waiting: Map<number, Waiting>, message: FromThread): void {
  const task = waiting.get(message.id);
  if (task === undefined) return;
  switch (message.kind) {
    case "progress":
      task.onProgress?.(message.fraction);
      return;
    case "learned":
      waiting.delete(message.id);
      task.resolve(message.bytes);
      return;
    case "failed":
      waiting.delete(message.id);
      task.reject(message.error);
      return;
  }
}

function leastBusy(threads: readonly Thread[]): Thread {
  const [first, ...others] = threads;
  if (first === undefined) throw new Error("a learner needs a thread");
  return others.reduce(
    (best, each) => (each.waiting.size < best.waiting.size ? each : best),
    first,
  );
}

import { Worker } from "node:worker_threads";
import type {
  FromThread,
  LearningInput,
  LearnTask,
  ToThread,
} from "./learner-messages.ts";

/** Learns beside the event loop, which stays free for heartbeats and, in a service, for requests. */
export interface Learner {
  /** Makes an input known under a name; parts that are given later are added. */
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
  /** What the thread has of each set. */
  readonly loaded: Map<string, LearningInput>;
}

/** A learner of up to `threads` threads, started when there is something to learn; tasks go to the one with the least to do. */
export function startLearner(threads = 1): Learner {
  const all: Thread[] = [];
  const sets = new Map<string, LearningInput>();
  let next = 0;
  return {
    load: (set, input) => {
      sets.set(set, { ...sets.get(set), ...input });
    },
    forget: (set) => {
      sets.delete(set);
      for (const thread of all) {
        if (thread.loaded.delete(set)) tell(thread, { kind: "forget", set });
      }
    },
    learn: (set, task, onProgress) => {
      const input = sets.get(set);
      if (input === undefined) throw new Error(`nothing is loaded as ${set}`);
      const thread = freeThread(all, threads);
      if (thread.loaded.get(set) !== input) {
        thread.loaded.set(set, input);
        tell(thread, { kind: "load", set, input });
      }
      const id = next++;
      return new Promise((resolve, reject) => {
        thread.waiting.set(id, { resolve, reject, onProgress });
        tell(thread, { kind: "learn", id, set, task });
      });
    },
    close: async () => {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

function tell(thread: Thread, message: ToThread): void {
  thread.worker.postMessage(message);
}

/** The thread with the least to do; a new one when all are busy and there may be more. */
function freeThread(all: Thread[], limit: number): Thread {
  const [best] = all.toSorted((a, b) => a.waiting.size - b.waiting.size);
  if (best !== undefined && (best.waiting.size === 0 || all.length >= limit)) {
    return best;
  }
  const thread = startThread(() => {
    all.splice(all.indexOf(thread), 1);
  });
  all.push(thread);
  return thread;
}

function startThread(onEnd: () => void): Thread {
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
    onEnd();
  });
  return { worker, waiting, loaded: new Map() };
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

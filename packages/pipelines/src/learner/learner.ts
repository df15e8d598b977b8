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

interface Task {
  readonly id: number;
  readonly set: string;
  readonly task: LearnTask;
  readonly resolve: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((fraction: number) => void) | undefined;
}

interface Thread {
  readonly worker: Worker;
  /** What it works on; null when it is free. */
  task: Task | null;
  /** What the thread has of each set. */
  readonly loaded: Map<string, LearningInput>;
}

/** A learner of up to `threads` threads, started when there is something to learn; a free thread takes the task that waits longest. */
export function startLearner(threads = 1): Learner {
  const all: Thread[] = [];
  const queue: Task[] = [];
  const sets = new Map<string, LearningInput>();
  let next = 0;
  const pump = () => {
    while (queue.length > 0) {
      const thread = freeThread(all, { limit: threads, onFree: pump });
      const task = thread === null ? undefined : queue.shift();
      if (thread === null || task === undefined) return;
      give(thread, task, sets.get(task.set));
    }
  };
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
    learn: (set, task, onProgress) =>
      new Promise((resolve, reject) => {
        queue.push({ id: next++, set, task, resolve, reject, onProgress });
        pump();
      }),
    close: async () => {
      await Promise.all(all.map(({ worker }) => worker.terminate()));
    },
  };
}

function give(
  thread: Thread,
  task: Task,
  input: LearningInput | undefined,
): void {
  const { id, set } = task;
  thread.task = task;
  if (input !== undefined && thread.loaded.get(set) !== input) {
    thread.loaded.set(set, input);
    tell(thread, { kind: "load", set, input });
  }
  tell(thread, { kind: "learn", id, set, task: task.task });
}

function tell(thread: Thread, message: ToThread): void {
  thread.worker.postMessage(message);
}

/** A thread without a task, a new one where there may be more, else null. */
function freeThread(
  all: Thread[],
  o: { readonly limit: number; readonly onFree: () => void },
): Thread | null {
  const free = all.find(({ task }) => task === null);
  if (free !== undefined) return free;
  if (all.length >= o.limit) return null;
  const thread: Thread = startThread({
    onFree: o.onFree,
    onEnd: () => {
      all.splice(all.indexOf(thread), 1);
      o.onFree();
    },
  });
  all.push(thread);
  return thread;
}

function startThread(o: {
  readonly onFree: () => void;
  readonly onEnd: () => void;
}): Thread {
  const worker = new Worker(threadFile());
  const thread: Thread = { worker, task: null, loaded: new Map() };
  const fail = (error: Error) => {
    thread.task?.reject(error);
    thread.task = null;
  };
  worker.on("message", (message: FromThread) => {
    if (receive(thread, message)) o.onFree();
  });
  worker.on("error", fail);
  worker.on("exit", () => {
    fail(new Error("the learner thread ended"));
    o.onEnd();
  });
  return thread;
}

/** The file has the extension that this one has: .ts in the repository, .js when published. */
function threadFile(): URL {
  const file = new URL("./learner-thread.ts", import.meta.url);
  return import.meta.url.endsWith(".ts")
    ? file
    : new URL(file.href.replace(/\.ts$/, ".js"));
}

/** True when the thread is free again. */
function receive(thread: Thread, message: FromThread): boolean {
  const { task } = thread;
  if (task?.id !== message.id) return false;
  switch (message.kind) {
    case "progress":
      task.onProgress?.(message.fraction);
      return false;
    case "learned":
      thread.task = null;
      task.resolve(message.bytes);
      return true;
    case "failed":
      thread.task = null;
      task.reject(message.error);
      return true;
  }
}

import { parentPort } from "node:worker_threads";
import { toError } from "@recsys/contracts";
import { openKernels } from "@recsys/kernels";
import { learnSignal } from "./learn-signal.ts";
import type {
  FromThread,
  LearningInput,
  ToThread,
} from "./learner-messages.ts";

const inputs = new Map<string, LearningInput>();

function answer(message: FromThread, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function learn(message: Extract<ToThread, { kind: "learn" }>): void {
  const { id, set, task } = message;
  try {
    const input = inputs.get(set);
    if (input === undefined) throw new Error(`nothing is loaded as ${set}`);
    // Of each task its own, so that its memory goes with it.
    const { kernels, close } = openKernels();
    const learned = learnSignal(input, task, {
      kernels,
      onProgress: (fraction) => {
        answer({ kind: "progress", id, fraction });
      },
    });
    close();
    const bytes = new Uint8Array(learned);
    answer({ kind: "learned", id, bytes }, [bytes.buffer]);
  } catch (error) {
    answer({
      kind: "failed",
      id,
      error: toError(error),
    });
  }
}

parentPort?.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "load":
      inputs.set(message.set, message.input);
      break;
    case "forget":
      inputs.delete(message.set);
      break;
    case "learn":
      learn(message);
      break;
  }
});

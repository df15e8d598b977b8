import {
  encodeArtifact,
  type Kernels,
  type SignalName,
} from "@recsys/contracts";
import { SIGNALS, type Signal, type SignalInput } from "@recsys/learning";
import type { LearningInput, LearnTask } from "./learner-messages.ts";

/** Learns one signal: the bytes of its artifact. Same input, same bytes. */
export function learnSignal(
  input: LearningInput,
  task: LearnTask,
  context: {
    readonly kernels: Kernels;
    readonly onProgress?: (fraction: number) => void;
  },
): Uint8Array {
  return learn(SIGNALS[task.signal], { input, task, context });
}

function readingOf(name: SignalName, input: LearningInput): unknown {
  if (name === "content") return input.items;
  return name === "item-rates" ? input.counts : input.interactions;
}

function learn<N extends SignalName>(
  signal: Signal<N>,
  o: {
    readonly input: LearningInput;
    readonly task: LearnTask;
    readonly context: {
      readonly kernels: Kernels;
      readonly onProgress?: (fraction: number) => void;
    };
  },
): Uint8Array {
  const { input, task, context } = o;
  const read = readingOf(signal.name, input);
  if (read === undefined) throw new Error(`${signal.name} has no input`);
  const model = signal.compute(read as SignalInput<N>, task.parameters, {
    asOf: task.origin.as_of,
    ...context,
  });
  return encodeArtifact(signal.pack(model, task.origin));
}

import type { SignalName } from "@recsys/contracts";
import type {
  Interactions,
  ItemCounts,
  ItemText,
  Origin,
} from "@recsys/learning";

/** What signals are learned from: history, for content the catalogue, for rates the counts by item. */
export interface LearningInput {
  readonly interactions?: Interactions;
  readonly items?: readonly ItemText[];
  readonly counts?: ItemCounts;
}

export interface LearnTask {
  readonly signal: SignalName;
  /** Overrides of the signal's default parameters. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly origin: Origin;
}

export type ToThread =
  | {
      readonly kind: "load";
      readonly set: string;
      readonly input: LearningInput;
    }
  | { readonly kind: "forget"; readonly set: string }
  | {
      readonly kind: "learn";
      readonly id: number;
      readonly set: string;
      readonly task: LearnTask;
    };

export type FromThread =
  | {
      readonly kind: "progress";
      readonly id: number;
      readonly fraction: number;
    }
  | {
      readonly kind: "learned";
      readonly id: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: "failed"; readonly id: number; readonly error: Error };

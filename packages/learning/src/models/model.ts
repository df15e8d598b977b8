import type { Kernels, ScoredEntries } from "@recsys/contracts";
import type { Interactions } from "../interactions.ts";
import type { ParameterDefinitions } from "../parameters.ts";

export interface FitContext {
  readonly kernels: Kernels;
  /** Called now and then with the finished share, 0..1, and at the end with 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What a model has learned: arrays, and how they score a history. */
export interface Fitted {
  readonly ids: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
  /** Everything that scoring reads. */
  readonly tensors: Readonly<Record<string, Int32Array | Float32Array>>;
  /**
   * Adds the score of each item for a history to `into`, whose length is that
   * of `ids`. Positions out of range and weights of 0 or less are left out.
   */
  readonly score: (history: History, into: Float32Array) => void;
}

export interface History {
  /** Positions in `ids`, each at most once. */
  readonly items: Int32Array;
  /** One per item. */
  readonly weights: Float32Array;
}

/** One model: how it is fitted; learned from persons' histories, had or not. */
export interface Model {
  readonly name: string;
  readonly parameters: ParameterDefinitions;
  /** `parameters` override the defaults; unknown names and values out of range throw. Same interactions, same arrays, for any order of rows and number of threads. */
  fit(
    interactions: Interactions,
    parameters: Readonly<Record<string, number>>,
    context: FitContext,
  ): Fitted;
}

/** A model in which each item of a history adds a row of weights. */
export function fittedRows(
  ids: readonly string[],
  parameters: Readonly<Record<string, number>>,
  rows: ScoredEntries,
): Fitted {
  const { offsets, positions, scores } = rows;
  return {
    ids,
    parameters,
    tensors: { offsets, positions, scores },
    score: (history, into) => {
      eachOf(history, ids.length, (item, weight) => {
        const end = offsets[item + 1] ?? 0;
        for (let at = offsets[item] ?? 0; at < end; at++) {
          const other = positions[at] ?? 0;
          into[other] = (into[other] ?? 0) + weight * (scores[at] ?? 0);
        }
      });
    },
  };
}

/** The items of a history that count. */
export function eachOf(
  { items, weights }: History,
  count: number,
  visit: (item: number, weight: number) => void,
): void {
  items.forEach((item, i) => {
    const weight = weights[i] ?? 0;
    if (item >= 0 && item < count && weight > 0) visit(item, weight);
  });
}

/** Rows by the item that is voted for become rows by the voter; within a row items ascend. */
export function byVoter(rows: ScoredEntries): ScoredEntries {
  const { offsets, positions, scores } = rows;
  const count = offsets.length - 1;
  const starts = new Int32Array(count + 1);
  for (const voter of positions) {
    starts[voter + 1] = (starts[voter + 1] ?? 0) + 1;
  }
  for (let i = 0; i < count; i++) {
    starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  }
  const next = starts.slice();
  const items = new Int32Array(positions.length);
  const moved = new Float32Array(positions.length);
  for (let item = 0; item < count; item++) {
    const end = offsets[item + 1] ?? 0;
    for (let entry = offsets[item] ?? 0; entry < end; entry++) {
      const voter = positions[entry] ?? 0;
      const at = next[voter] ?? 0;
      items[at] = item;
      moved[at] = scores[entry] ?? 0;
      next[voter] = at + 1;
    }
  }
  return { offsets: starts, positions: items, scores: moved };
}

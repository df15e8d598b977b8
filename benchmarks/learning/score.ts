import {
  DAY_MS,
  encodeArtifact,
  type SignalName,
  type SignalView,
} from "@recsys/contracts";
import { openKernels, plainKernels } from "@recsys/kernels";
import {
  SIGNALS,
  type Interactions,
  type Model,
  type Signal,
} from "@recsys/learning";
import type { Split } from "./splits.ts";

const K = 20;

/** What a person had, by position, with the newest moment of each. */
interface History {
  readonly items: Int32Array;
  readonly ts: Float64Array;
}

/** Adds the scores of all items for a history to `into`. */
export type Scorer = (history: History, into: Float64Array) => void;

export interface Learned {
  readonly scorer: Scorer;
  readonly seconds: number;
  readonly megabytes: number;
}

/** Learns, packs and views a signal; half-life of the history in days, Infinity = all of it counts alike. */
export function learn<N extends Exclude<SignalName, "content" | "item-rates">>(
  signal: Signal<N>,
  split: Split,
  options: {
    readonly parameters?: Readonly<Record<string, number>>;
    readonly historyDays?: number;
  } = {},
): Learned {
  const { kernels, close } = openKernels({ threads: 2 });
  const started = process.hrtime.bigint();
  const model = signal.compute(
    split.train as Parameters<Signal<N>["compute"]>[0],
    options.parameters ?? {},
    { asOf: split.asOf, kernels },
  );
  close();
  const artifact = signal.pack(model, {
    as_of: split.asOf,
    window: { from: 0, to: split.asOf },
    sources: [],
    code_version: "benchmark",
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const view: SignalView = signal.view(artifact);
  const decay = (ts: number) =>
    2 ** ((ts - split.asOf) / ((options.historyDays ?? Infinity) * DAY_MS));
  return {
    scorer: scorerOf(view, decay),
    seconds,
    megabytes: encodeArtifact(artifact).length / 1e6,
  };
}

/** Fits a model with the parameters that ship, `parameters` over them. */
export function fit(
  model: Model,
  split: Split,
  parameters: Readonly<Record<string, number>> = {},
): Learned {
  const { kernels, close } = openKernels({ threads: 2 });
  const started = process.hrtime.bigint();
  const fitted = model.fit(split.train, parameters, { kernels });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  close();
  const arrays = Object.values(fitted.tensors);
  const bytes = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  const scores = new Float32Array(fitted.ids.length);
  return {
    scorer: ({ items }, into) => {
      scores.fill(0);
      const weights = new Float32Array(items.length).fill(1);
      fitted.score({ items, weights }, scores);
      into.set(scores);
    },
    seconds,
    megabytes: bytes / 1e6,
  };
}

function scorerOf(view: SignalView, decay: (ts: number) => number): Scorer {
  switch (view.kind) {
    case "ranked-lists":
      return (_, into) => {
        const list = view.groups.get("");
        list?.items.forEach((item, i) => {
          into[item] = list.scores[i] ?? 0;
        });
      };
    case "neighbours":
      return ({ items, ts }, into) => {
        items.forEach((item, i) => {
          const weight = decay(ts[i] ?? 0);
          const end = view.offsets[item + 1] ?? 0;
          for (let at = view.offsets[item] ?? 0; at < end; at++) {
            const other = view.neighbours[at] ?? 0;
            into[other] = (into[other] ?? 0) + weight * (view.scores[at] ?? 0);
          }
        });
      };
    case "rates":
      throw new Error("rates are no scorer");
    case "factors": {
      const scores = new Float32Array(view.ids.length);
      return ({ items, ts }, into) => {
        const user = view.foldIn(items, Float32Array.from(ts, decay));
        plainKernels.scoreRows(view.factors, user, scores);
        into.set(scores);
      };
    }
  }
}

/** Weighted sum of scorers, each divided by its largest score for the user over the whole catalogue. */
export function blend(
  parts: readonly { readonly scorer: Scorer; readonly weight: number }[],
): Scorer {
  return (history, into) => {
    const scores = new Float64Array(into.length);
    for (const { scorer, weight } of parts) {
      scores.fill(0);
      scorer(history, scores);
      const norm = scores.reduce((max, score) => Math.max(max, score), 0);
      if (norm === 0) continue;
      scores.forEach((score, item) => {
        into[item] = (into[item] ?? 0) + (weight * Math.max(0, score)) / norm;
      });
    }
  };
}

export interface Quality {
  readonly ndcg: number;
  readonly recall: number;
  readonly users: number;
}

/** Mean NDCG@20 (binary gains) and Recall@20 over users with something to find; what they had is never listed. */
export function evaluate(split: Split, scorer: Scorer): Quality {
  const histories = historiesOf(split.train);
  const scores = new Float64Array(split.train.items.length);
  let ndcg = 0;
  let recall = 0;
  for (const [user, wanted] of split.truth) {
    const history = histories.get(user) ?? NOTHING;
    scores.fill(0);
    scorer(history, scores);
    for (const item of history.items) scores[item] = -Infinity;
    let gained = 0;
    let ideal = 0;
    let hits = 0;
    best(scores).forEach((item, i) => {
      if (!wanted.has(split.train.items[item] ?? "")) return;
      gained += 1 / Math.log2(i + 2);
      hits++;
    });
    for (let i = 0; i < Math.min(K, wanted.size); i++) {
      ideal += 1 / Math.log2(i + 2);
    }
    ndcg += gained / ideal;
    recall += hits / wanted.size;
  }
  const users = split.truth.size;
  return { ndcg: ndcg / users, recall: recall / users, users };
}

const NOTHING: History = { items: new Int32Array(0), ts: new Float64Array(0) };

function historiesOf(train: Interactions): Map<string, History> {
  const newest = train.users.map(() => new Map<number, number>());
  train.user.forEach((user, row) => {
    const item = train.item[row] ?? 0;
    const ts = train.ts[row] ?? 0;
    const own = newest[user];
    own?.set(item, Math.max(own.get(item) ?? -Infinity, ts));
  });
  return new Map(
    newest.map((own, user) => {
      const items = Int32Array.from(own.keys()).sort();
      const ts = Float64Array.from(items, (item) => own.get(item) ?? 0);
      return [train.users[user] ?? "", { items, ts }] as const;
    }),
  );
}

/** The K largest, ties by id; items a person had are -Infinity. */
function best(scores: Float64Array): number[] {
  const list: number[] = [];
  scores.forEach((score, item) => {
    const isFull = list.length === K;
    if (score === -Infinity) return;
    if (isFull && score <= (scores[list[K - 1] ?? 0] ?? 0)) return;
    let at = list.length;
    while (at > 0 && (scores[list[at - 1] ?? 0] ?? 0) < score) at--;
    list.splice(at, 0, item);
    if (list.length > K) list.pop();
  });
  return list;
}

export const NEIGHBOUR_SIGNALS = [
  SIGNALS["item-knn"],
  SIGNALS["co-visits"],
  SIGNALS["bought-together"],
] as const;

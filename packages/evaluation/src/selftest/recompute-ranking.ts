import { evaluateLists, type EvaluationResult } from "../evaluation.ts";
import { METRICS } from "../metrics/index.ts";
import { tasteDivergence } from "../metrics/taste-divergence.ts";
import { rankByScore } from "../rank-by-score.ts";
import {
  fieldsOf,
  isObject,
  numberIn,
  numbersIn,
  textsIn,
  type JsonObject,
} from "./fields.ts";

import { plain } from "./plain.ts";
import type { Recompute } from "./recompute.ts";

const NOTHING_DRAWN = { resamples: 0, seed: 1, confidence: 0.95 };

const UNCUT = new Set(
  METRICS.filter(({ cut }) => cut === "none").map(({ name }) => name),
);

/** The metrics that are expected, over one user. */
export const recomputeRankingMetrics: Recompute = (input, expected) => {
  const names = cutAt(Object.keys(expected), fieldsOf(input).number("k"));
  const { metrics } = accuracyOf([input], names);
  return Object.fromEntries(
    metrics.map(({ metric, mean }) => [metric, plain(mean)]),
  );
};

export const recomputeRankingAggregate: Recompute = (input, expected) => {
  const fields = fieldsOf(input);
  const wanted = expected["metrics"];
  const asked = isObject(wanted) ? Object.keys(wanted) : [];
  const names = cutAt(asked, fields.number("k"));
  const result = accuracyOf(fields.objects("users"), names);
  const metrics = result.metrics.map((row) => [
    row.metric,
    { mean: plain(row.mean), standard_error: plain(row.standard_error) },
  ]);
  return {
    users_scored: result.users.scored,
    users_skipped: result.users.skipped,
    metrics: Object.fromEntries(metrics) as JsonObject,
  };
};

export const recomputeRankingOrder: Recompute = (input) => {
  const fields = fieldsOf(input);
  const scores = fields.map("scores", numberIn);
  return { ranking: rankByScore(scores, new Set(fields.texts("exclude"))) };
};

export const recomputeBeyondAccuracy: Recompute = (input, expected) => {
  const fields = fieldsOf(input);
  const lists = fields.list("lists").map((list) => textsIn(list, "lists"));
  const { metrics, exposure } = evaluateLists({
    metrics: cutAt(Object.keys(expected), fields.number("k")),
    lists: new Map(lists.map((list, i) => [`list ${i}`, list])),
    truth: new Map(),
    catalogue: fields.texts("catalogue"),
    trainCounts: fields.map("train_counts", numberIn),
    nUsers: fields.number("n_users"),
    categories: fields.map("categories", (v) => textsIn(v, "categories")),
    vectors: fields.map("vectors", (v) => numbersIn(v, "vectors")),
    bootstrap: NOTHING_DRAWN,
  });
  return Object.fromEntries([
    ...metrics.map(({ metric, mean }) => [metric, plain(mean)]),
    ...exposure.map(({ metric, value }) => [metric, plain(value)]),
  ]) as JsonObject;
};

export const recomputeCalibration: Recompute = (input) => {
  const fields = fieldsOf(input);
  const { kl, p, q } = tasteDivergence({
    history: fields.texts("history"),
    items: fields.texts("recommendations"),
    categories: fields.map("categories", (v) => textsIn(v, "categories")),
    alpha: fields.number("alpha"),
    ...(fields.has("rank_weights") && {
      rankWeights: fields.numbers("rank_weights"),
    }),
  });
  return { kl, p: Object.fromEntries(p), q: Object.fromEntries(q) };
};

/** `recall` as `recall@k`; metrics without a cut as they are. */
function cutAt(names: readonly string[], k: number): string[] {
  return names.map((name) => (UNCUT.has(name) ? name : `${name}@${k}`));
}

function accuracyOf(
  users: readonly JsonObject[],
  metrics: readonly string[],
): EvaluationResult {
  const lists = new Map<string, string[]>();
  const truth = new Map<string, Map<string, number>>();
  for (const [i, user] of users.entries()) {
    const fields = fieldsOf(user);
    lists.set(`user ${i}`, fields.texts("ranking"));
    truth.set(`user ${i}`, fields.map("gains", numberIn));
  }
  return evaluateLists({
    metrics,
    lists,
    truth,
    catalogue: [],
    trainCounts: new Map(),
    nUsers: 0,
    bootstrap: NOTHING_DRAWN,
  });
}

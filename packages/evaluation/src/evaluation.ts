import type {
  ExposureValue,
  MetricEstimate,
  SliceEstimates,
} from "@recsys/contracts";
import type { BootstrapOptions } from "./bootstrap.ts";
import { estimateMetrics, metricIdentity } from "./estimates.ts";
import { createExposureCounter } from "./exposure-counts.ts";
import { createItemSlices } from "./item-slices.ts";
import { judgeList } from "./judged-list.ts";
import type { CatalogueFacts } from "./metric.ts";
import { parseMetrics, type ParsedMetric } from "./parse-metric.ts";
import { columnsOf, scoreUser, type EvaluatedUser } from "./score-user.ts";
import type { SliceValues } from "./slices.ts";
import { createScoreTable, type UserScores } from "./user-scores.ts";
import { createUserSlices } from "./user-slices.ts";

export interface EvaluationOptions extends CatalogueFacts {
  /** Names such as `ndcg@10`; see `parseMetric`. */
  readonly metrics: readonly string[];
  readonly bootstrap: BootstrapOptions;
  /** Slices of wanted items, such as cold ones, by item id. */
  readonly itemSlices?: ReadonlyMap<string, SliceValues>;
}

export interface EvaluationResult {
  readonly bootstrap: BootstrapOptions;
  /** Scored: users with something relevant. */
  readonly users: { readonly scored: number; readonly skipped: number };
  readonly metrics: readonly MetricEstimate[];
  readonly exposure: readonly ExposureValue[];
  readonly slices: readonly SliceEstimates[];
  readonly scores: UserScores;
}

export interface Evaluation {
  /** One call per user, in any order; throws when a user comes twice. */
  add(user: EvaluatedUser): void;
  result(): EvaluationResult;
}

/**
 * An evaluation that is fed one user at a time. Memory holds one number per
 * user and metric and one count per shown item, never the lists. Throws for
 * metric names it does not know.
 */
export function createEvaluation(options: EvaluationOptions): Evaluation {
  const parsed = parseMetrics(options.metrics);
  const perUser = parsed.filter(({ metric }) => metric.kind !== "exposure");
  const table = createScoreTable(perUser.flatMap(columnsOf));
  const exposure = createExposureTable(parsed);
  const userSlices = createUserSlices(perUser);
  const itemSlices = createItemSlices(perUser, options.itemSlices ?? new Map());
  const users = { scored: 0, skipped: 0 };
  return {
    add(user) {
      const judged = judgeList(user.ranking, user.truth);
      const o = { user, judged, facts: options };
      table.addUser(
        user.userId,
        perUser.flatMap((metric) => scoreUser(metric, o)),
      );
      users[judged === null ? "skipped" : "scored"]++;
      exposure.add(user.ranking);
      userSlices.add(user);
      itemSlices.add(user, options);
    },
    result() {
      const { bootstrap } = options;
      const scores = table.finish();
      return {
        bootstrap,
        users: { ...users },
        metrics: estimateMetrics(perUser, scores, {
          bootstrap,
          facts: options,
        }),
        exposure: exposure.values(options),
        slices: [
          ...userSlices.estimates(scores, bootstrap, options),
          ...itemSlices.estimates(bootstrap, options),
        ],
        scores,
      };
    },
  };
}

export interface ListsToEvaluate extends EvaluationOptions {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly truth: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly history?: ReadonlyMap<string, readonly string[]>;
  /** Slices of users, by user id. */
  readonly slices?: ReadonlyMap<string, SliceValues>;
}

/** Evaluates whole maps at once: users of either map take part; one without a list has an empty one. */
export function evaluateLists(options: ListsToEvaluate): EvaluationResult {
  const evaluation = createEvaluation(options);
  const { lists, truth, history, slices } = options;
  for (const userId of new Set([...lists.keys(), ...truth.keys()])) {
    evaluation.add({
      userId,
      ranking: lists.get(userId) ?? [],
      truth: truth.get(userId) ?? new Map<string, number>(),
      history: history?.get(userId) ?? [],
      slices: slices?.get(userId) ?? {},
    });
  }
  return evaluation.result();
}

/** One counter per distinct cut, whatever the number of metrics. */
function createExposureTable(parsed: readonly ParsedMetric[]) {
  const rows = parsed.flatMap((each) =>
    each.metric.kind === "exposure"
      ? [{ each, metric: each.metric, k: each.k ?? Infinity }]
      : [],
  );
  const counters = new Map(rows.map(({ k }) => [k, createExposureCounter(k)]));
  return {
    add(ranking: readonly string[]): void {
      for (const counter of counters.values()) counter.add(ranking);
    },
    values(facts: CatalogueFacts): ExposureValue[] {
      return rows.map(({ each, metric, k }) => {
        const counts = (counters.get(k) ?? createExposureCounter(k)).counts();
        const value = metric.value(counts, facts, k);
        return { ...metricIdentity(each), value };
      });
    },
  };
}

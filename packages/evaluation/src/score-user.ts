import type { JudgedList } from "./judged-list.ts";
import type { CatalogueFacts } from "./metric.ts";
import { metricKey, type ParsedMetric } from "./parse-metric.ts";
import type { SliceValues } from "./slices.ts";

/** One user of an evaluation. */
export interface EvaluatedUser {
  readonly userId: string;
  /** Item ids, best first. */
  readonly ranking: readonly string[];
  /** Item → gain; gain > 0 is relevant. */
  readonly truth: ReadonlyMap<string, number>;
  /** Items of the training window; only calibration looks at them. */
  readonly history?: readonly string[];
  readonly slices?: SliceValues;
}

/** The user's score, or null where the metric is not defined for this user. */
export function scoreUser(
  parsed: ParsedMetric,
  o: {
    readonly user: EvaluatedUser;
    readonly judged: JudgedList | null;
    readonly facts: CatalogueFacts;
  },
): number | null {
  const { metric } = parsed;
  const k = parsed.k ?? Infinity;
  if (metric.kind === "exposure" || missingFact(parsed, o.facts) !== null) {
    return null;
  }
  const score =
    metric.kind === "accuracy"
      ? o.judged && metric.score(o.judged, k)
      : metric.score(
          { items: o.user.ranking.slice(0, k), history: o.user.history ?? [] },
          o.facts,
        );
  if (score !== null && !Number.isFinite(score)) {
    const subject = `${metricKey(parsed)} of user ${o.user.userId}`;
    throw new Error(`${subject} is ${score}: the gains are too large`);
  }
  return score;
}

/** Which input a metric lacks, in words; null when it has all it needs. */
export function missingFact(
  { metric }: ParsedMetric,
  facts: CatalogueFacts,
): string | null {
  if (metric.kind !== "list") return null;
  const missing = metric.needs.filter((need) => facts[need] === undefined);
  return missing.length === 0 ? null : `no ${missing.join(", ")} were given`;
}

import type { JudgedList } from "./judged-list.ts";
import type { CatalogueFacts, ShownList } from "./metric.ts";
import { metricKey, type ParsedMetric } from "./parse-metric.ts";
import type { SliceValues } from "./slices.ts";

/** One user of an evaluation. */
export interface EvaluatedUser {
  readonly userId: string;
  /** Item ids, best first. */
  readonly ranking: readonly string[];
  /** Item → gain; gain > 0 is relevant. */
  readonly truth: ReadonlyMap<string, number>;
  /** Items of the training window: the user's taste, and what is not new to them. */
  readonly history?: readonly string[];
  readonly slices?: SliceValues;
}

/** Columns of the score table that a metric fills: its score, or numerator and denominator of a ratio. */
export function columnsOf(parsed: ParsedMetric): readonly string[] {
  const key = metricKey(parsed);
  return parsed.metric.kind === "ratio" ? [key, denominatorOf(key)] : [key];
}

/** The column beside that of a ratio's numerator. */
export function denominatorOf(key: string): string {
  return `${key}/of`;
}

interface UserFacts {
  readonly user: EvaluatedUser;
  readonly judged: JudgedList | null;
  readonly facts: CatalogueFacts;
}

/** The user's values in the metric's columns, null where it is not defined for this user. */
export function scoreUser(
  parsed: ParsedMetric,
  o: UserFacts,
): readonly (number | null)[] {
  const values = valuesOf(parsed, o);
  for (const value of values) {
    if (value === null || Number.isFinite(value)) continue;
    const subject = `${metricKey(parsed)} of user ${o.user.userId}`;
    throw new Error(`${subject} is ${value}: the gains are too large`);
  }
  return values;
}

function valuesOf(
  parsed: ParsedMetric,
  o: UserFacts,
): readonly (number | null)[] {
  const { metric } = parsed;
  const k = parsed.k ?? Infinity;
  switch (metric.kind) {
    case "exposure":
      return [];
    case "accuracy":
      return [o.judged && metric.score(o.judged, k)];
    case "list": {
      if (missingFact(parsed, o.facts) !== null) return [null];
      return [metric.score(shownList(o.user, k), o.facts, k)];
    }
    case "ratio": {
      const parts = metric.parts(shownList(o.user, k), o.facts, k);
      return [parts?.numerator ?? null, parts?.denominator ?? null];
    }
  }
}

function shownList(user: EvaluatedUser, k: number): ShownList {
  const { ranking, history = [], truth } = user;
  return { items: ranking.slice(0, k), history, truth };
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

import type { MetricEstimate } from "@recsys/contracts";
import { meanInterval, type BootstrapOptions } from "./bootstrap.ts";
import { notComputable } from "./computed.ts";
import type { CatalogueFacts } from "./metric.ts";
import { computedMean, standardError } from "./moments.ts";
import { metricKey, type ParsedMetric } from "./parse-metric.ts";
import { definedRatios, estimateRatio } from "./ratio-estimate.ts";
import { missingFact } from "./score-user.ts";
import { definedValues, type UserScores } from "./user-scores.ts";

/** What every report says of a metric. */
export function metricIdentity({ name, metric, k }: ParsedMetric) {
  return { name, metric: metric.name, k, better: metric.better };
}

/** Mean, standard error and bootstrap interval of each metric, over all users or those at `positions`. */
export function estimateMetrics(
  metrics: readonly ParsedMetric[],
  scores: UserScores,
  o: {
    readonly bootstrap: BootstrapOptions;
    readonly facts: CatalogueFacts;
    readonly positions?: readonly number[];
  },
): MetricEstimate[] {
  const total = o.positions?.length ?? scores.users.length;
  return metrics.map((parsed) => {
    const missing = missingFact(parsed, o.facts);
    if (missing !== null) return absentEstimate(parsed, total, missing);
    const key = metricKey(parsed);
    if (parsed.metric.kind === "ratio") {
      const users = definedRatios(scores, key, o.positions);
      return {
        ...metricIdentity(parsed),
        ...estimateRatio(users, o.bootstrap),
        skipped: total - users.numerators.length,
      };
    }
    const column = scores.columns.get(key);
    const values = definedValues(column, o.positions);
    return {
      ...metricIdentity(parsed),
      users: values.length,
      skipped: total - values.length,
      mean: computedMean(values),
      standard_error: standardError(values),
      interval: meanInterval(values, o.bootstrap),
    };
  });
}

function absentEstimate(
  parsed: ParsedMetric,
  skipped: number,
  because: string,
): MetricEstimate {
  const reason = notComputable(because);
  return {
    ...metricIdentity(parsed),
    users: 0,
    skipped,
    mean: reason,
    standard_error: reason,
    interval: reason,
  };
}

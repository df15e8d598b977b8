import type {
  ComputedInterval,
  ComputedNumber,
  OfflineReport,
  RunComparison,
} from "@recsys/contracts";
import { notComputable } from "./computed.ts";
import { metricKey, parseMetric } from "./parse-metric.ts";

/** The parts of a report that a gate looks at. */
export type GatedReport = Pick<
  OfflineReport,
  "quality" | "users" | "metrics" | "exposure"
>;

/** A gain over the baseline (positive is better, whatever the metric's direction) and the loss that is tolerated. */
export interface Gain {
  readonly interval: ComputedInterval;
  readonly margin: ComputedNumber;
}

export interface MarginRule {
  readonly metric: string;
  readonly non_inferiority_margin: number;
  readonly unit: "absolute" | "relative";
}

/** The interval of a metric in a report. Exposure metrics are counted over all lists, so theirs is a point. */
export function measuredInterval(
  report: GatedReport,
  name: string,
): ComputedInterval {
  const same = sameMetric(name);
  const estimate = report.metrics.find(same);
  if (estimate !== undefined) return estimate.interval;
  const exposure = report.exposure.find(same);
  if (exposure !== undefined) return point(exposure.value);
  return notComputable("the report did not measure it");
}

/** The gain of the candidate with its margin; relative margins are shares of the baseline's value. */
export function measuredGain(
  comparison: RunComparison,
  rule: MarginRule,
): Gain {
  const same = sameMetric(rule.metric);
  const difference = comparison.differences.find(same);
  if (difference !== undefined) {
    const { interval, better, baseline_mean } = difference;
    return {
      interval: better === "higher" ? interval : mirrored(interval),
      margin: marginOf(rule, baseline_mean),
    };
  }
  const exposure = comparison.exposure.find(same);
  if (exposure !== undefined) {
    const { candidate, baseline, better } = exposure;
    const interval = pointDifference(candidate, baseline);
    return {
      interval: better === "higher" ? interval : mirrored(interval),
      margin: marginOf(rule, baseline),
    };
  }
  const absent = notComputable("the comparison did not measure it");
  return { interval: absent, margin: absent };
}

/**
 * The gain over an earlier report. Their users are not the same, so nothing
 * is paired: the gain lies between the farthest ends of the two intervals.
 */
export function unpairedGain(
  report: GatedReport,
  earlier: GatedReport,
  rule: MarginRule,
): Gain {
  const now = report.metrics.find(sameMetric(rule.metric));
  const before = earlier.metrics.find(sameMetric(rule.metric));
  if (now === undefined || before === undefined) {
    const absent = notComputable("one of the reports did not measure it");
    return { interval: absent, margin: absent };
  }
  const interval = farthestEnds(now.interval, before.interval);
  return {
    interval: now.better === "higher" ? interval : mirrored(interval),
    margin: marginOf(rule, before.mean),
  };
}

/** Whether a row of a report is the metric of this name; throws for names of no metric. */
function sameMetric(name: string) {
  const result = parseMetric(name);
  if (!result.ok) throw new Error(`threshold for ${name}: ${result.because}`);
  const wanted = metricKey(result.parsed);
  return (row: { readonly metric: string; readonly k: number | null }) =>
    wanted === (row.k === null ? row.metric : `${row.metric}@${row.k}`);
}

function marginOf(rule: MarginRule, baseline: ComputedNumber): ComputedNumber {
  const margin = rule.non_inferiority_margin;
  if (rule.unit === "absolute") return { kind: "number", value: margin };
  if (baseline.kind === "not-computable") return baseline;
  return { kind: "number", value: margin * Math.abs(baseline.value) };
}

function point(value: ComputedNumber): ComputedInterval {
  if (value.kind === "not-computable") return value;
  return { kind: "interval", low: value.value, high: value.value };
}

function pointDifference(
  candidate: ComputedNumber,
  baseline: ComputedNumber,
): ComputedInterval {
  if (candidate.kind === "not-computable") return candidate;
  if (baseline.kind === "not-computable") return baseline;
  return point({ kind: "number", value: candidate.value - baseline.value });
}

function farthestEnds(
  now: ComputedInterval,
  before: ComputedInterval,
): ComputedInterval {
  if (now.kind === "not-computable") return now;
  if (before.kind === "not-computable") return before;
  return {
    kind: "interval",
    low: now.low - before.high,
    high: now.high - before.low,
  };
}

function mirrored(interval: ComputedInterval): ComputedInterval {
  if (interval.kind === "not-computable") return interval;
  return { kind: "interval", low: -interval.high, high: -interval.low };
}

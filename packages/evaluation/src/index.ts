export {
  attribute,
  type Attribution,
  type AttributionPolicy,
  type UnmatchedReason,
} from "./attribute.ts";
export {
  bootstrapDifference,
  bootstrapMean,
  percentile,
  type BootstrapOptions,
  type BootstrapResult,
} from "./bootstrap.ts";
export { compareRuns } from "./compare-runs.ts";
export { compareSlates, type SlateComparison } from "./compare-slates.ts";
export {
  compareTraffic,
  type SlatePair,
  type TrafficComparison,
} from "./compare-traffic.ts";
export { computed, notComputable } from "./computed.ts";
export {
  createEvaluation,
  evaluateLists,
  type Evaluation,
  type EvaluationOptions,
  type EvaluationResult,
  type ListsToEvaluate,
} from "./evaluation.ts";
export { judgeAgainstReport } from "./gate-rules.ts";
export { decisionOf, gate } from "./gate.ts";
export { intervalChart, type IntervalRow } from "./interval-chart.ts";
export {
  checkKnownItems,
  checkOnlyNewItems,
  checkSharedEvents,
  checkTimeOrder,
  type TestInteraction,
} from "./leakage.ts";
export type { CatalogueFacts, Metric } from "./metric.ts";
export { METRICS, METRIC_ALIASES } from "./metrics/index.ts";
export {
  buildOfflineReport,
  type OfflineReportParts,
} from "./offline-report.ts";
export type { Outcome, SeenItem } from "./outcome.ts";
export {
  parseMetric,
  parseMetrics,
  type ParsedMetric,
} from "./parse-metric.ts";
export { rankByScore } from "./rank-by-score.ts";
export { renderHtml, type ReportChart } from "./render-html.ts";
export { renderMarkdown } from "./render-markdown.ts";
export { reportCharts } from "./report-charts.ts";
export type { EvaluatedUser } from "./score-user.ts";
export type { SliceValues } from "./slices.ts";
export type { UserScores } from "./user-scores.ts";
export { checkVectors, type CheckedCase } from "./selftest/check-vectors.ts";
export type { Difference } from "./selftest/compare-values.ts";
export type { JsonValue } from "./selftest/fields.ts";
export { diagnoseSupport } from "./off-policy/diagnose-support.ts";
export { diagnoseWeights } from "./off-policy/diagnose-weights.ts";
export { ESTIMATORS, SLATE_ESTIMATORS } from "./off-policy/index.ts";
export { weighRows, type LoggedChoice } from "./off-policy/weighted-rows.ts";

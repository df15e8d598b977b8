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
export {
  checkAa,
  splitAtRandom,
  type AaCheck,
} from "./experiments/a-a-check.ts";
export {
  alwaysValid,
  narrowestPrior,
  type AlwaysValidStep,
  type Look,
} from "./experiments/always-valid.ts";
export {
  bayesianBeta,
  type BayesianComparison,
} from "./experiments/bayesian-beta.ts";
export {
  calibrationError,
  type CalibrationError,
} from "./experiments/calibration-error.ts";
export { cuped, type CupedResult } from "./experiments/cuped.ts";
export { jensenShannon } from "./experiments/jensen-shannon.ts";
export { kolmogorovSmirnov } from "./experiments/kolmogorov-smirnov.ts";
export { mannWhitney } from "./experiments/mann-whitney.ts";
export {
  judgeClaim,
  type Claim,
  type ClaimVerdict,
} from "./experiments/margins.ts";
export { benjaminiHochberg, holm } from "./experiments/multiple-testing.ts";
export {
  noveltyEffect,
  type EffectByAge,
  type NoveltyEffect,
} from "./experiments/novelty-effect.ts";
export {
  pairedT,
  signedRankTest,
  signFlipTest,
} from "./experiments/paired-tests.ts";
export {
  planDuration,
  type DurationPlan,
} from "./experiments/plan-duration.ts";
export {
  meanDetectable,
  meanPower,
  proportionDetectable,
  proportionPower,
} from "./experiments/power.ts";
export { populationStability } from "./experiments/psi.ts";
export { ratioTest, type RatioDifference } from "./experiments/ratio-metric.ts";
export {
  mergePairs,
  momentsOf,
  pairMomentsOf,
  type PairMoments,
  type SampleMoments,
} from "./experiments/sample-moments.ts";
export { sampleRatioTest } from "./experiments/sample-ratio.ts";
export {
  meanSampleSize,
  proportionSampleSize,
  type SampleSize,
} from "./experiments/sample-size.ts";
export {
  twoProportionTest,
  type ProportionDifference,
  type Successes,
} from "./experiments/two-proportion.ts";
export {
  bootstrapRatio,
  bootstrapRatioDifference,
} from "./experiments/user-bootstrap.ts";
export { welchTest, type MeanDifference } from "./experiments/welch-t.ts";
export { wilsonInterval } from "./experiments/wilson-interval.ts";
export { judgeAgainstReport } from "./gate-rules.ts";
export { decisionOf, gate } from "./gate.ts";
export { balancedInterleave, creditBalanced } from "./interleaving/balanced.ts";
export {
  creditRankers,
  optimisedMultileave,
} from "./interleaving/optimised-multileave.ts";
export {
  summariseWins,
  type WinSummary,
} from "./interleaving/summarise-wins.ts";
export {
  creditTeams,
  teamDraft,
  type Interleaved,
} from "./interleaving/team-draft.ts";
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
export { diagnoseSupport } from "./off-policy/diagnose-support.ts";
export { diagnoseWeights } from "./off-policy/diagnose-weights.ts";
export type { Estimator, EstimatorSettings } from "./off-policy/estimator.ts";
export { ESTIMATORS, SLATE_ESTIMATORS } from "./off-policy/index.ts";
export type { LoggedSlate, SlateEstimator } from "./off-policy/slate-rows.ts";
export {
  effectiveSampleSize,
  type ValueEstimate,
} from "./off-policy/value-estimate.ts";
export { weighRows, type LoggedChoice } from "./off-policy/weighted-rows.ts";
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
export { reportCss } from "./report-css.ts";
export { renderMarkdown } from "./render-markdown.ts";
export { reportCharts } from "./report-charts.ts";
export type { EvaluatedUser } from "./score-user.ts";
export { checkVectors, type CheckedCase } from "./selftest/check-vectors.ts";
export type { Difference } from "./selftest/compare-values.ts";
export type { JsonValue } from "./selftest/fields.ts";
export type { SliceValues } from "./slices.ts";
export { normalQuantile } from "./special/normal.ts";
export type { UserScores } from "./user-scores.ts";

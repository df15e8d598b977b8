export { addTrial, type Trial } from "./bandits/add-trial.ts";
export { BANDIT_POLICIES } from "./bandits/index.ts";
export { reportArms, type ArmReport } from "./bandits/report-arms.ts";
export { attributeLimits } from "./attribute-caps.ts";
export { createCatalogue, type Catalogue } from "./catalogue.ts";
export { FEATURES } from "./features/index.ts";
export { type Feature } from "./features/feature.ts";
export { usesImpressions } from "./impressions.ts";
export { effectiveKnobs } from "./knob-layers.ts";
export { checkKnobs, KNOBS, weightKnobs } from "./knobs.ts";
export { STAGES } from "./pipeline.ts";
export { memberOf } from "./floors/member.ts";
export { appliedPolicies } from "./policies.ts";
export { policyErrors } from "./policy-errors.ts";
export {
  rank,
  type RankedCandidate,
  type RankInput,
  type RankResult,
} from "./rank.ts";
export {
  chooseLocale,
  REASON_TEXTS,
  reasonTextErrors,
} from "./reason-texts.ts";
export {
  brokenLabel,
  indexDecided,
  policyLabelErrors,
  thresholdsFor,
} from "./policy-labels.ts";
export { rankingMarkdown } from "./reference.ts";
export {
  createExpressions,
  expressionErrors,
  type Expressions,
} from "./expressions.ts";
export { runRuleCases, type CaseOutcome } from "./rule-cases.ts";
export { findRuleConflicts, type RuleConflict } from "./rule-conflicts.ts";
export { findBlockingRule } from "./rules.ts";
export { holdsFor, matchSegment } from "./segments.ts";
export {
  createSnapshot,
  snapshotWithCatalogue,
  snapshotWithPosteriors,
  snapshotWithRules,
  snapshotWithSegments,
  type Snapshot,
  type SnapshotParts,
} from "./snapshot.ts";
export { type Source } from "./source.ts";
export { relatedItems } from "./related-items.ts";
export { findIneligible } from "./still-eligible.ts";
export { SOURCES } from "./sources/index.ts";
export { ALGO_VERSION } from "./version.ts";

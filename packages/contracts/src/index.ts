export { decodeArtifact, encodeArtifact } from "./artifact-file.ts";
export {
  type Artifact,
  type ArtifactKind,
  type Provenance,
  type Tensor,
  type TensorArrays,
  type TensorType,
} from "./artifact.ts";
export {
  Bandit,
  BANDIT_KINDS,
  BanditFeature,
  DEFAULT_EXPLORATION,
  ExplorationPolicy,
  NO_POSTERIORS,
  slotBandit,
  type ArmStats,
  type BanditChoice,
  type BanditKind,
  type ChanceMethod,
  type Exploration,
  type Posteriors,
} from "./bandit.ts";
export { BatchedList, BatchListRequest } from "./batch-lists.ts";
export { canonicalJson, type Json } from "./canonical-json.ts";
export {
  POINTER_NAMES,
  versionName,
  type ChangeProposal,
  type PointerName,
  type PointerState,
} from "./change.ts";
export {
  CONFIG_SECTIONS,
  configSection,
  CatalogueSchema,
  ConfigDocument,
  DEFAULT_CONFIG,
  IngestPolicy,
  SchemaField,
  Segment,
  StarterProfile,
  Surface,
  type ConfigSection,
} from "./config-document.ts";
export {
  type DecisionRecord,
  type DecisionVersions,
  type FeatureRow,
  type RankRequest,
  type RemovedCandidate,
  type SlateItem,
  type SourceOutcome,
  type SourceReport,
  type TermReport,
  type StageRecord,
} from "./decision.ts";
export {
  DEPRECATIONS,
  deprecationsIn,
  type Deprecation,
} from "./deprecations.ts";
export { DAY_MS, HOUR_MS, LAST_MOMENT_MS, MINUTE_MS } from "./durations.ts";
export {
  ApiError,
  ERRORS,
  type ApiErrorFacts,
  type ErrorCode,
  type ErrorDefinition,
  type FieldError,
} from "./errors.ts";
export {
  BatchResult,
  Context,
  EventInput,
  EventType,
  ExposureInput,
  OutcomeInput,
  RowResult,
} from "./event.ts";
export {
  explainDecision,
  scoreParts,
  signalFeature,
  type Explainable,
} from "./explain-decision.ts";
export { ExperimentDefinition } from "./experiment.ts";
export {
  pointAt,
  readExpression,
  type ExpressionUse,
  type ReadExpression,
} from "./expression/check.ts";
export { FUNCTIONS, type FunctionName } from "./expression/functions.ts";
export { ITEM_FIELDS, splitName, type Names } from "./expression/names.ts";
export {
  EXPRESSION_LIMITS,
  ExpressionText,
  type Expression,
  type ExpressionProblem,
} from "./expression/syntax.ts";
export type { ExportedDecision } from "./exported-decision.ts";
export { GateThresholds, Guardrail } from "./gate-thresholds.ts";
export { hash64, hashHex, hashSeed, hashUnit, seededRandom } from "./hash.ts";
export {
  DEFAULT_NAMESPACE,
  EntityId,
  SlugName,
  TENANT_LAYER,
  Timestamp,
  type ContentHash,
  type Pseudonym,
  type TenantId,
  type UserKey,
} from "./ids.ts";
export { IMPORT_LIMITS } from "./import-limits.ts";
export {
  AttributeValue,
  ItemInput,
  KEY_PATTERN,
  clearable,
  keyed,
  type Item,
  type ItemChange,
} from "./item.ts";
export {
  type AlsRows,
  type Kernels,
  type PairSearch,
  type Ridge,
  type Scan,
  type ScanKind,
  type ScoredEntries,
  type SparseEntries,
  type SparsePair,
  type VectorSlice,
  type Workspace,
} from "./kernels.ts";
export {
  KNOB_LAYERS,
  KnobValues,
  type EffectiveKnob,
  type KnobDefinition,
  type KnobLayer,
  type KnobValue,
} from "./knobs.ts";
export { Manifest } from "./manifest.ts";
export {
  ComputedInterval,
  ComputedNumber,
  ExposureValue,
  GateDecision,
  GateReason,
  MetricDifference,
  MetricEstimate,
  NotComputable,
  OfflineReport,
  QualityCheck,
  RunComparison,
  SliceEstimates,
} from "./offline-report.ts";
export {
  Degradation,
  RankedItem,
  Reason,
  RecommendResponse,
  ResponseMeta,
  RuleEffect,
  ScorePart,
  StageReport,
  Warning,
  WhyNot,
} from "./list-answer.ts";
export {
  PERMISSIONS,
  ROLES,
  roleHas,
  type Permission,
  type Principal,
  type Role,
} from "./permissions.ts";
export { PipelineParameters } from "./pipeline-parameters.ts";
export {
  Constraints,
  RecommendRequest,
  RequestUser,
  RerankRequest,
  SimilarRequest,
} from "./recommend.ts";
export {
  Campaign,
  EditorialList,
  FallbackLists,
  ManualOverride,
  Rule,
  RuleCase,
  RuleSet,
  RuleTarget,
  SegmentLists,
} from "./rule-set.ts";
export {
  DecidedLabel,
  ItemReport,
  LabelName,
  PolicyLabel,
  PolicyLabels,
  TASK_MOVES,
  TASK_STATES,
  type TaskState,
  type TaskStep,
} from "./moderation.ts";
export {
  AppliedPolicies,
  AppliedPolicy,
  Floor,
  FloorReport,
  SlatePolicy,
  UtilityPolicy,
} from "./policy.ts";
export { PURCHASE, RETURN, returnProblem, withoutReturned } from "./returns.ts";
export { EventTypePolicy } from "./event-type.ts";
export { type Scenario, type ScenarioExpectation } from "./scenario.ts";
export {
  SegmentRule,
  type SegmentCondition,
  type SegmentOperator,
} from "./segment-rule.ts";
export {
  LIGHT_SIGNALS,
  RATE_NAMES,
  SIGNAL_NAMES,
  type FactorsView,
  type NeighboursView,
  type RankedListView,
  type RateName,
  type RatesView,
  type RankedListsView,
  type SignalName,
  type SignalView,
  type SignalViews,
} from "./signals.ts";
export { messageOf, toError } from "./thrown.ts";
export {
  UserInput,
  UserMerge,
  type ShownList,
  type UserEvent,
  type UserState,
} from "./user.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
export { validator, type Validator } from "./validate.ts";
export { VERDICT_KINDS, type Verdict } from "./verdict.ts";

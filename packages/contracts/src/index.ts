export { decodeArtifact, encodeArtifact } from "./artifact-file.ts";
export {
  type Artifact,
  type ArtifactKind,
  type Provenance,
  type Tensor,
  type TensorArrays,
  type TensorType,
} from "./artifact.ts";
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
  EventTypePolicy,
  IngestPolicy,
  SchemaField,
  Segment,
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
  type StageRecord,
} from "./decision.ts";
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
  Degradation,
  RankedItem,
  Reason,
  RecommendRequest,
  RecommendResponse,
  RequestUser,
  RerankRequest,
  ResponseMeta,
  ScorePart,
  SimilarRequest,
  StageReport,
  Warning,
  WhyNot,
} from "./recommend.ts";
export { FallbackLists, Rule, RuleSet, RuleTarget } from "./rule-set.ts";
export { type Scenario, type ScenarioExpectation } from "./scenario.ts";
export {
  SegmentRule,
  type SegmentCondition,
  type SegmentOperator,
} from "./segment-rule.ts";
export {
  LIGHT_SIGNALS,
  SIGNAL_NAMES,
  type FactorsView,
  type NeighboursView,
  type RankedListView,
  type RankedListsView,
  type SignalName,
  type SignalView,
  type SignalViews,
} from "./signals.ts";
export { messageOf, toError } from "./thrown.ts";
export {
  UserInput,
  UserMerge,
  type UserEvent,
  type UserState,
} from "./user.ts";
export { decodeUtf8, encodeUtf8 } from "./utf8.ts";
export { validator, type Validator } from "./validate.ts";
export { VERDICT_KINDS, type Verdict } from "./verdict.ts";

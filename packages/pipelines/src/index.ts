// Bringing data in
export { ADAPTERS } from "./import/adapters/index.ts";
export type { ImportReport } from "./import/evidence.ts";
export type { ImportLimits } from "./import/limits.ts";
export { httpTarget, type HttpTargetOptions } from "./import/http-target.ts";
export {
  loadUpload,
  type UploadCounts,
  type UploadedFile,
} from "./import/load-upload.ts";
export type { Adapter, Entity } from "./import/record.ts";
export {
  runImport,
  type ImportOptions,
  type ImportProgress,
} from "./import/run-import.ts";
export { storeTarget, type StoreTargetOptions } from "./import/store-target.ts";
export type { EvidenceCheck, ImportTarget } from "./import/target.ts";

// Handing data on
export { writeDecisionsParquet } from "./export/decisions-parquet.ts";

// Runs and jobs
export { JOBS } from "./jobs/index.ts";
export type { Job, JobOutcome, JobReport, Product } from "./jobs/job.ts";
export type { DayRange } from "./lake/sync-table.ts";
export { startLearner, type Learner } from "./learner/learner.ts";
export {
  DEFAULT_PARAMETERS,
  resolvePipelineParameters,
  type ParameterOverrides,
} from "./recipe/parameters.ts";
export { loadLiveState, liveDocument } from "./runner/live-state.ts";
export type { LiveState } from "./runner/run.ts";
export type {
  PipelineOptions,
  PipelineProgress,
} from "./runner/pipeline-options.ts";
export { runPipeline, type PipelineResult } from "./runner/run-pipeline.ts";

// Manifests
export {
  brokenArtifacts,
  type BrokenArtifact,
} from "./manifests/broken-artifacts.ts";
export {
  collectGarbage,
  type GarbageResult,
} from "./manifests/collect-garbage.ts";
export { diffManifests, type ManifestDifference } from "./manifests/diff.ts";
export {
  activateManifest,
  compareManifests,
  listManifests,
  rollbackManifest,
  showManifest,
  type ManifestEntry,
  type NamedManifest,
} from "./manifests/history.ts";
export { jsonObject } from "./manifests/json-object.ts";
export {
  listPins,
  pinManifest,
  unpinManifest,
  type Pin,
} from "./manifests/pins.ts";

// Offline evaluation
export type { EventColumns } from "./interactions/event-columns.ts";
export {
  evalOffline,
  type OfflineOptions,
  type OfflineOutcome,
} from "./offline/eval-offline.ts";
export {
  onlySource,
  withOnly,
  type OfflineArm,
} from "./offline/offline-arm.ts";
export {
  readImportFolder,
  type ImportedSet,
} from "./offline/read-import-folder.ts";
export {
  guessFormat,
  readInteractionsFile,
  type ColumnMapping,
  type InteractionsFile,
} from "./offline/read-interactions-file.ts";
export { splitByTime } from "./offline/split.ts";

// Schedules
export { listJobStates, type JobState } from "./scheduler/job-states.ts";
export {
  ensureBanditDuty,
  workOffBandits,
  type BanditDutyOptions,
  type EndedCount,
} from "./scheduler/bandits.ts";
export {
  ensureRetention,
  workOffRetention,
  type EndedRetention,
  type RetentionDays,
  type RetentionOptions,
} from "./scheduler/retention.ts";
export {
  checkSchedule,
  nextDue,
  type Freshness,
  type Schedule,
} from "./scheduler/schedule.ts";
export {
  ensureSchedule,
  listSchedules,
  removeSchedule,
  setSchedule,
  type ScheduleState,
} from "./scheduler/schedules.ts";
export {
  workOff,
  type EndedRun,
  type RunRequest,
  type WorkOptions,
} from "./scheduler/work-off.ts";

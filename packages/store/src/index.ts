// The embedded server
export { directoryElsewhere } from "./server/home.ts";
export {
  startServer,
  type RunningServer,
  type StartOptions,
} from "./server/start-server.ts";
export {
  SERVER_FAILURES,
  ServerError,
  type ServerFailure,
} from "./server/server-error.ts";

// The schema and its migrations
export { type Schema } from "./schema.ts";
export {
  checkMigrations,
  migrate,
  migrationStatus,
  type MigrateOptions,
  type MigrationState,
} from "./migrate/migrate.ts";
export {
  MigrationError,
  type MigrationFailure,
} from "./migrate/migration-error.ts";

// The store
export {
  DatabaseError,
  type DatabaseFailure,
} from "./database/database-error.ts";
export { type Listener, type ListenOptions } from "./database/listen.ts";
export {
  openDatabaseFromUrls,
  type DatabaseUrls,
  type OpenedDatabase,
} from "./database/open-database.ts";
export {
  openStore,
  type Store,
  type StoreOptions,
  type TenantTx,
} from "./database/store.ts";

// Tenants, keys, changes, audit, timers
export {
  findKey,
  issueKey,
  listKeys,
  revokeKey,
  type ApiKey,
} from "./tables/api-keys.ts";
export {
  copyItems,
  digestCatalogue,
  resetNamespace,
  type CatalogueDigest,
  type RemovedRows,
} from "./tables/namespaces.ts";
export {
  decideReport,
  findReport,
  listReports,
  requestReport,
  type AuditReport,
} from "./tables/audit-reports.ts";
export {
  findTask,
  listTasks,
  moveTask,
  reportItem,
  type ModerationStep,
  type ModerationTask,
} from "./tables/moderation.ts";
export {
  countServed,
  servedWithLabels,
  type ServedItem,
} from "./tables/served-labels.ts";
export {
  listAccess,
  recordAccess,
  type AccessKind,
  type NewAccess,
} from "./tables/access-log.ts";
export {
  appendAudit,
  listAudit,
  verifyAudit,
  type AuditEntry,
  type AuditFacts,
} from "./tables/audit.ts";
export {
  listPointers,
  lockPointer,
  pointer,
  proposeChange,
  versionBefore,
  versionContent,
  versionHistory,
  type VersionEntry,
} from "./tables/changes.ts";
export {
  cancelObligation,
  claimDue,
  completeObligation,
  failObligation,
  listObligations,
  renewLease,
  scheduleObligation,
  type ClaimedObligation,
  type Obligation,
} from "./tables/obligations.ts";
export {
  REVISION_CHANNEL,
  ackRevision,
  allRevisions,
  bumpRevision,
  currentRevision,
  forgetReplica,
  listAcks,
  type Acknowledgement,
  type Revision,
} from "./tables/revisions.ts";
export {
  createTenant,
  findTenant,
  listTenants,
  setServingMode,
  setTimeOffsetDays,
  type Tenant,
} from "./tables/tenants.ts";

// Objects
export { fsObjects } from "./objects/fs-objects.ts";
export { type ObjectStore } from "./objects/object-store.ts";
export { postgresObjects } from "./objects/postgres-objects.ts";

// People and what is known of them
export {
  ensurePeople,
  findPerson,
  pseudonymsOf,
  type Identity,
  type IdentityKind,
  type Person,
} from "./tables/people.ts";
export { mergePeople } from "./tables/merge.ts";
export {
  deleteUsers,
  listUsers,
  upsertUsers,
  type UserFilter,
  type UserRow,
} from "./tables/users.ts";
export {
  countDeprecatedUses,
  listDeprecatedUses,
} from "./tables/deprecated-uses.ts";
export { peopleOfItems, type AudiencePerson } from "./tables/audience.ts";
export { loadUserStates, planUserStates } from "./tables/user-state.ts";
export {
  announceSome,
  readUsersChanged,
  USERS_CHANNEL,
  type UsersChanged,
} from "./tables/user-changes.ts";

// The catalogue
export {
  CATALOGUE_CHANNEL,
  catalogueAt,
  catalogueRevision,
  itemChangesSince,
  listCatalogues,
  loadCatalogue,
  type CatalogueChanged,
  type StoredCatalogue,
  type StoredItemChange,
} from "./tables/catalogue.ts";
export {
  deleteItems,
  listItems,
  upsertItems,
  type ItemFilter,
} from "./tables/items.ts";
export { mergeKeys, patchItem, toUnixMs } from "./tables/item-patch.ts";

// Events, exposures and outcomes
export { appendEvents, type NewEvent } from "./tables/events.ts";
export {
  deleteEvents,
  listEvents,
  recentEvents,
  type EventFilter,
  type StoredEvent,
} from "./tables/event-queries.ts";
export {
  eventDays,
  readEvents,
  type EventColumns,
} from "./tables/event-days.ts";
export { listCanaryCounts } from "./tables/canaries.ts";
export {
  appendExposures,
  listExposures,
  type NewExposure,
  type StoredExposure,
} from "./tables/exposures.ts";
export { listOutcomes, type StoredOutcome } from "./tables/outcomes.ts";
export { type FeedbackFilter, type FeedbackList } from "./tables/feedback.ts";
export { EARLIEST_EVENT_MS } from "./tables/partitions.ts";
export { readClock, RETRY_WINDOW_DAYS } from "./tables/receipts.ts";

// Decisions
export { shipDecisions } from "./tables/decisions.ts";
export {
  countUnmatched,
  findDecision,
  listDecisions,
  sampleDecisions,
  type DecisionFilter,
  type StoredDecision,
} from "./tables/decision-queries.ts";
export { uuidTime } from "./tables/uuid-time.ts";

// Uploads, runs, keyed requests
export {
  appendUploadErrors,
  claimUpload,
  createUpload,
  findUpload,
  heartbeatUpload,
  listUploadErrors,
  listUploads,
  moveUpload,
  stuckUploads,
  adoptUpload,
  unfinishedUploads,
  UPLOAD_MOVES,
  type Upload,
  type UploadProgress,
} from "./tables/uploads.ts";
export {
  abandonRuns,
  findRun,
  finishRun,
  heartbeatRun,
  listRuns,
  startRun,
  type Run,
} from "./tables/runs.ts";
export {
  listJobFreshness,
  recordJob,
  type JobFreshness,
} from "./tables/job-freshness.ts";
export {
  acquirePipelineLock,
  holdsPipelineLock,
  releasePipelineLock,
  renewPipelineLock,
  type PipelineLock,
} from "./tables/pipeline-locks.ts";
export {
  CLAIM_SECONDS,
  claimAnswer,
  dropClaim,
  rememberAnswer,
  dropUploadAnswer,
  renewClaim,
  type Answer,
  type KeyedRequest,
} from "./tables/idempotency.ts";

// Lists, text and retention
export { type Page, type PageRequest } from "./tables/cursor.ts";
export { unstorableText } from "./tables/storable-text.ts";
export {
  compactItemChanges,
  deleteExpired,
  deleteOldEvents,
  deleteOldWork,
  dropOldDays,
} from "./tables/retention.ts";
export { backup, type BackupOptions } from "./backup/backup.ts";
export { BackupError, type BackupFailure } from "./backup/backup-error.ts";
export { type BackupManifest } from "./backup/backup-manifest.ts";
export { restore, type RestoreOptions } from "./backup/restore.ts";
export { type MaturedTrial } from "./tables/bandit-trials.ts";
export { learned } from "./tables/learned.ts";
export { countExposures, totalItemExposure } from "./tables/item-exposure.ts";
export { totalRuleEffects } from "./tables/rule-effects.ts";
export { samplePseudonyms } from "./tables/people.ts";

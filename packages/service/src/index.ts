export { requireGoodConfig } from "./admin/config-errors.ts";
export { withLabels } from "./admin/keep-labels.ts";
export { requireGoodRules } from "./admin/rule-errors.ts";
export { keyDigest } from "./auth/key-cache.ts";
export { pseudonymOf, type PersonKind } from "./auth/pseudonym.ts";
export {
  ConfigError,
  readConfig,
  SETTINGS,
  type ServiceConfig,
} from "./config.ts";
export type { ServiceDeps } from "./create-context.ts";
export { createService, type Service } from "./create-service.ts";
export {
  exportDecisions,
  type DecisionExport,
} from "./decisions/export-decisions.ts";
export { debugPage } from "./debug/debug-page.ts";
export { gatherDebug } from "./debug/gather-debug.ts";
export { withSecrets, type CompleteConfig } from "./development-secrets.ts";
export { openApiDocument } from "./http/openapi.ts";
export type {
  LoadUpload,
  RunPipeline,
  UploadJob,
  UploadProgress,
} from "./jobs.ts";
export { createLog } from "./log.ts";
export { copyNamespace } from "./namespaces/copy-namespace.ts";
export {
  evidenceHash,
  requireConfirmation,
  type NamespaceEvidence,
} from "./namespaces/evidence.ts";
export { resetNamespace } from "./namespaces/reset-namespace.ts";
export { htmlPage } from "./pages/html-page.ts";
export type { Page } from "./pages/page.ts";
export { reportPage } from "./pages/report-page.ts";
export { readReportDecisions } from "./personal/report-decisions.ts";
export { EXPORT_DAYS } from "./personal/see-people.ts";
export { checkAbsence } from "./replay/check-absence.ts";
export {
  createReplayer,
  type Replay,
  type Replayer,
} from "./replay/replayer.ts";
export type { ReplayAgainst } from "./replay/version-loader.ts";
export { ROUTES } from "./routes/index.ts";
export { textSetting, type Setting } from "./settings.ts";
export {
  envExample,
  settingsMarkdown,
  type MoreSettings,
} from "./settings-documents.ts";

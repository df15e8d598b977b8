import type { Route } from "../http/route.ts";
import { recommendRoute } from "./lists/recommend.ts";
import { batchListsRoute } from "./lists/batch.ts";
import { rerankRoute } from "./lists/rerank.ts";
import { similarRoute } from "./lists/similar.ts";
import { usersForItemRoute } from "./lists/users-for-item.ts";
import { validateRequestRoute } from "./lists/validate.ts";
import { listItemsRoute } from "./items/list.ts";
import { removeItemsRoute } from "./items/remove.ts";
import { upsertItemsRoute } from "./items/upsert.ts";
import { listUsersRoute } from "./users/list.ts";
import { mergeUsersRoute } from "./users/merge.ts";
import { removeUsersRoute } from "./users/remove.ts";
import { upsertUsersRoute } from "./users/upsert.ts";
import { appendEventsRoute } from "./events/append.ts";
import { listEventsRoute } from "./events/list.ts";
import { removeEventsRoute } from "./events/remove.ts";
import { validateEventsRoute } from "./events/validate.ts";
import { appendExposuresRoute } from "./exposures/append.ts";
import { listExposuresRoute } from "./exposures/list.ts";
import { appendOutcomesRoute } from "./outcomes/append.ts";
import { listOutcomesRoute } from "./outcomes/list.ts";
import { createUploadRoute } from "./uploads/create.ts";
import { listUploadsRoute } from "./uploads/list.ts";
import { readUploadRoute } from "./uploads/read.ts";
import { listDecisionsRoute } from "./decisions/list.ts";
import { readDecisionRoute } from "./decisions/read.ts";
import { whyNotRoute } from "./decisions/why-not.ts";
import { appealTaskRoute } from "./moderation/appeal.ts";
import { decideTaskRoute } from "./moderation/decide.ts";
import { listTasksRoute } from "./moderation/list.ts";
import { readTaskRoute } from "./moderation/read.ts";
import { reportItemRoute } from "./moderation/report.ts";
import { policyViolationsRoute } from "./reports/policy-violations.ts";
import { attributionRoute } from "./reports/attribution.ts";
import { exposureReportRoute } from "./reports/exposure.ts";
import { banditReportRoute } from "./reports/bandits.ts";
import { deprecationReportRoute } from "./reports/deprecations.ts";
import { ruleReportRoute } from "./reports/rules.ts";
import { listSurfacesRoute } from "./surfaces/list.ts";
import { writeSurfaceRoute } from "./surfaces/write.ts";
import { configHistoryRoute } from "./config/history.ts";
import { readSectionRoute } from "./config/read-section.ts";
import { readConfigRoute } from "./config/read.ts";
import { configRollbackRoute } from "./config/rollback.ts";
import { writeSectionRoute } from "./config/write-section.ts";
import { dryRunSegmentRoute } from "./segments/dry-run.ts";
import { createOverrideRoute } from "./overrides/create.ts";
import { listOverridesRoute } from "./overrides/list.ts";
import { removeOverrideRoute } from "./overrides/remove.ts";
import { ruleConflictsRoute } from "./rules/conflicts.ts";
import { rulesDiffRoute } from "./rules/diff.ts";
import { dryRunRulesRoute } from "./rules/dry-run.ts";
import { rulesHistoryRoute } from "./rules/history.ts";
import { readRulesRoute } from "./rules/read.ts";
import { rulesRollbackRoute } from "./rules/rollback.ts";
import { writeRulesRoute } from "./rules/write.ts";
import { fallbacksHistoryRoute } from "./fallbacks/history.ts";
import { readFallbackRoute } from "./fallbacks/read.ts";
import { fallbacksRollbackRoute } from "./fallbacks/rollback.ts";
import { writeFallbackRoute } from "./fallbacks/write.ts";
import { copyNamespaceRoute } from "./namespaces/copy.ts";
import { resetNamespaceRoute } from "./namespaces/reset.ts";
import { activateManifestRoute } from "./manifests/activate.ts";
import { listManifestsRoute } from "./manifests/list.ts";
import { readManifestRoute } from "./manifests/read.ts";
import { rollBackManifestRoute } from "./manifests/rollback.ts";
import { listRunsRoute } from "./pipelines/list-runs.ts";
import { startRunRoute } from "./pipelines/start-run.ts";
import { readTenantRoute } from "./tenant/read.ts";
import { listAccessRoute } from "./audit/access.ts";
import {
  decideReportRoute,
  listReportsRoute,
  readReportRoute,
  requestReportRoute,
} from "./audit/reports.ts";
import { listAuditRoute } from "./audit/list.ts";
import { detailedHealthRoute } from "./health/detailed.ts";
import { healthzRoute } from "./health/healthz.ts";
import { metricsRoute } from "./health/metrics.ts";
import { readyzRoute } from "./health/readyz.ts";
import { versionRoute } from "./health/version.ts";

/** Every route of the API; OpenAPI lists them in this order. */
export const ROUTES: readonly Route[] = [
  recommendRoute,
  rerankRoute,
  batchListsRoute,
  usersForItemRoute,
  similarRoute,
  validateRequestRoute,
  listItemsRoute,
  removeItemsRoute,
  upsertItemsRoute,
  listUsersRoute,
  mergeUsersRoute,
  removeUsersRoute,
  upsertUsersRoute,
  appendEventsRoute,
  listEventsRoute,
  removeEventsRoute,
  validateEventsRoute,
  appendExposuresRoute,
  listExposuresRoute,
  appendOutcomesRoute,
  listOutcomesRoute,
  createUploadRoute,
  listUploadsRoute,
  readUploadRoute,
  listDecisionsRoute,
  readDecisionRoute,
  whyNotRoute,
  attributionRoute,
  exposureReportRoute,
  ruleReportRoute,
  deprecationReportRoute,
  banditReportRoute,
  policyViolationsRoute,
  reportItemRoute,
  listTasksRoute,
  readTaskRoute,
  decideTaskRoute,
  appealTaskRoute,
  listSurfacesRoute,
  writeSurfaceRoute,
  configHistoryRoute,
  readSectionRoute,
  readConfigRoute,
  configRollbackRoute,
  writeSectionRoute,
  dryRunSegmentRoute,
  rulesHistoryRoute,
  readRulesRoute,
  rulesRollbackRoute,
  writeRulesRoute,
  dryRunRulesRoute,
  ruleConflictsRoute,
  rulesDiffRoute,
  createOverrideRoute,
  listOverridesRoute,
  removeOverrideRoute,
  fallbacksHistoryRoute,
  fallbacksRollbackRoute,
  readFallbackRoute,
  writeFallbackRoute,
  activateManifestRoute,
  listManifestsRoute,
  readManifestRoute,
  rollBackManifestRoute,
  listRunsRoute,
  startRunRoute,
  resetNamespaceRoute,
  copyNamespaceRoute,
  readTenantRoute,
  listAuditRoute,
  listAccessRoute,
  requestReportRoute,
  listReportsRoute,
  readReportRoute,
  decideReportRoute,
  detailedHealthRoute,
  healthzRoute,
  metricsRoute,
  readyzRoute,
  versionRoute,
];

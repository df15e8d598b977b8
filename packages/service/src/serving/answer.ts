import type { Degradation, RecommendResponse } from "@recsys/contracts";
import type { RankResult } from "@recsys/ranking";
import { uuidTime } from "@recsys/store";
import { requirePermission } from "../auth/authenticate.ts";
import type { ServiceContext } from "../context.ts";
import { toRecord } from "./decision-record.ts";
import type { ListCall } from "./list-call.ts";
import {
  namespaceOf,
  normalise,
  overrides,
  type Normalised,
} from "./normalise.ts";
import { requireSurface } from "./page-token.ts";
import { rankAsked, type Prepared } from "./rank-asked.ts";
import {
  readSubject,
  whoAsksForImpressions,
  type Subject,
} from "./read-state.ts";
import { toResponse } from "./response.ts";
import { readShown, type ShownItems } from "./shown-items.ts";
import type { SnapshotState } from "./snapshots.ts";
import { nextPageToken, openPage } from "./turn-page.ts";

/** Answers a request for a list: reads what it needs, ranks, logs, and only then answers. */
export async function answerList(
  context: ServiceContext,
  call: ListCall,
): Promise<Answered> {
  const { asked, caller } = call;
  const { tenant } = caller;
  const namespace = namespaceOf(asked);
  if (overrides(asked)) requirePermission(caller, "recommend:override");
  const begin = performance.now();
  const current =
    context.snapshots.peek(tenant, namespace) ??
    (await context.snapshots.ensure(tenant, namespace));
  const { secret } =
    context.tenants.peek(tenant) ?? (await context.tenants.get(tenant));
  const live = current.loaded.snapshot;
  const page = openPage(context, call, { live, secret });
  const normalised = normalise(asked, page.snapshot);
  if (page.state !== null) {
    requireSurface(page.state, normalised.request.surface);
  }
  const now = normalised.asOf ?? page.state?.now ?? context.clock();
  const budgetMs = READING_SHARE * normalised.surface.latency_budget_ms;
  const [shown, subject] = await Promise.all([
    shownBefore(context, call, budgetMs),
    readSubject(context, {
      tenant,
      namespace,
      secret,
      user: asked.body.user,
      traits: normalised.traits,
      now,
      budgetMs,
      impressions: whoAsksForImpressions(page.snapshot, normalised.request),
    }),
  ]);
  const stateMs = performance.now() - begin;
  const response = rankAndLog(context, call, {
    current,
    page,
    normalised,
    subject,
    shown,
    now,
    secret,
    stateMs,
  });
  return { response, deprecated: normalised.deprecated };
}

/** A list, and what deprecated things its request used. */
interface Answered {
  readonly response: RecommendResponse;
  readonly deprecated: Normalised["deprecated"];
}

/** Of the latency budget, how much may go by until the database answers; ranking takes a few milliseconds. */
const READING_SHARE = 0.8;

const NOTHING_SHOWN: ShownItems = { ids: [], warnings: [] };

async function shownBefore(
  context: ServiceContext,
  { asked, caller }: ListCall,
  budgetMs: number,
): Promise<ShownItems> {
  const requestIds = asked.body.exclude_request_ids ?? [];
  if (requestIds.length === 0) return NOTHING_SHOWN;
  return readShown(context, caller.tenant, { requestIds, budgetMs });
}

/** Synchronous from here on: one snapshot, one list, one record. */
function rankAndLog(
  context: ServiceContext,
  call: ListCall,
  prepared: Prepared,
): RecommendResponse {
  const { normalised, current, subject, shown } = prepared;
  const ranked = rankAsked(context, call, prepared);
  const { result, request, snapshot, seed } = ranked;
  const degraded = [
    ...subject.degraded,
    ...snapshotDegradations(current),
    ...result.degraded,
  ];
  const warnings = [
    ...normalised.warnings,
    ...shown.warnings,
    ...ranked.warnings,
    ...result.warnings,
  ];
  const timings = { ...result.timingsMs, user_state: prepared.stateMs };
  const facts = { ...ranked, degraded, warnings, timings };
  const isLogged = context.decisions.append(
    toRecord(call, { ...prepared, snapshot }, facts),
  );
  const slate = result.slate.map((item) => item.item_id);
  context.slates.remember(call.caller.tenant, call.requestId, slate);
  rememberShown(context, call, {
    subject,
    namespace: snapshot.namespace,
    slate,
  });
  count(context, call, { result, degraded, isLogged });
  return toResponse({
    call,
    snapshot,
    request,
    result,
    warnings,
    timings,
    isLogged,
    degraded: isLogged
      ? degraded
      : [...degraded, { part: "decision_log", reason: "no room on disk" }],
    nextPageToken: nextPageToken(context, call, {
      ...prepared,
      ...{ snapshot, request, slate, seed },
    }),
  });
}

/** Kept only where something asks for it, and nothing of who denied consent. */
function rememberShown(
  { shown }: ServiceContext,
  call: ListCall,
  of: {
    readonly subject: Subject;
    readonly namespace: string;
    readonly slate: readonly string[];
  },
): void {
  const { pseudonym, state } = of.subject;
  if (pseudonym === null || state.impressions === undefined) return;
  if (state.consent === "denied" || of.slate.length === 0) return;
  const { namespace } = of;
  shown.remember(
    { tenant: call.caller.tenant, namespace, pseudonym },
    {
      request_id: call.requestId,
      ts: uuidTime(call.requestId) ?? 0,
      item_ids: of.slate,
    },
  );
}

function snapshotDegradations(current: SnapshotState): Degradation[] {
  const found: Degradation[] = current.loaded.alerts.map((alert) => ({
    part: alert.part,
    reason: `version ${alert.version} was refused; the last good one serves`,
  }));
  if (current.fromDisk) {
    found.push({ part: "snapshot", reason: "booted from the copy on disk" });
  } else if (current.lastError !== null) {
    found.push({ part: "snapshot", reason: "newer versions cannot be read" });
  }
  return found;
}

function count(
  context: ServiceContext,
  call: ListCall,
  facts: {
    readonly result: RankResult;
    readonly degraded: readonly Degradation[];
    readonly isLogged: boolean;
  },
): void {
  const { metrics } = context;
  for (const { part } of facts.degraded) metrics.degraded.inc({ part });
  metrics.decisions.inc({ result: facts.isLogged ? "logged" : "unlogged" });
  const isEmpty = facts.result.slate.length === 0;
  const isDegraded = facts.degraded.length > 0;
  metrics.lists.inc({
    tenant: metrics.bounded("tenant", call.caller.tenant),
    surface: metrics.bounded("surface", call.asked.body.surface ?? "similar"),
    result: isEmpty ? "empty" : isDegraded ? "degraded" : "ok",
  });
}

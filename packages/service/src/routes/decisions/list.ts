import {
  ApiError,
  EntityId,
  SlugName,
  type ExportedDecision,
} from "@recsys/contracts";
import {
  listDecisions,
  type DecisionFilter,
  type StoredDecision,
} from "@recsys/store";
import Type from "typebox";
import { exportDecisions } from "../../decisions/export-decisions.ts";
import { readRoute, type Answer, type Call } from "../../http/route.ts";
import { identities } from "../../ingest/subjects.ts";
import { keyOf } from "../events/filter.ts";
import {
  given,
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  PERSON_FIELDS,
  queryOf,
  SPAN_FIELDS,
  toTime,
} from "../shapes.ts";
import { spanIn } from "../span.ts";

const PARQUET_TYPE = "application/vnd.apache.parquet";
/** For the count of answers only. */
const NOBODY_THERE = { status: 499, text: { type: "text/plain", value: "" } };

/** GET /v1/audit/decisions */
export const listDecisionsRoute = readRoute({
  name: "listDecisions",
  method: "GET",
  url: "/v1/audit/decisions",
  permission: "personal:read",
  tag: "audit",
  summary:
    "Decisions, newest first. With Accept: application/x-ndjson or application/vnd.apache.parquet all of them as whole records, people hashed.",
  query: queryOf({
    ...PAGE_FIELDS,
    ...SPAN_FIELDS,
    ...PERSON_FIELDS,
    surface: Type.Optional(SlugName),
    segment: Type.Optional(SlugName),
    item_id: Type.Optional(EntityId),
    degraded: Type.Optional(Type.Boolean()),
  }),
  answer: pageOf({
    request_id: Type.String(),
    surface: Type.String(),
    item_ids: Type.Array(Type.String()),
  }),
  errors: ["NOT_READY"],
  handle: async ({ context, caller, headers, query, hasLeft }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const person = who.subjectOf(query);
    const { surface, segment, degraded } = query;
    const filter = await context.store.inTenant(
      tenant,
      async (tx): Promise<DecisionFilter> => ({
        ...spanIn(query),
        ...given({ surface, segment, degraded, itemId: query.item_id }),
        ...(person === null
          ? {}
          : { userKey: await keyOf(tx, namespace, person.pseudonym) }),
      }),
    );
    const accept = String(headers["accept"] ?? "");
    const salt = context.config.exposureHashSalt;
    const wanted = { tenant, namespace, filter, salt };
    if (accept.includes("application/x-ndjson")) {
      return { lines: recordsOf(exportDecisions(context.store, wanted)) };
    }
    if (accept.includes(PARQUET_TYPE)) {
      const decisions = exportDecisions(context.store, wanted);
      return parquetOf({ context, hasLeft }, decisions);
    }
    const page = await context.store.inTenant(tenant, (tx) =>
      listDecisions(tx, namespace, { ...pageIn(query), filter }),
    );
    return { body: { items: page.rows.map(toRow), next_cursor: page.next } };
  },
});

async function* recordsOf(
  decisions: AsyncIterable<ExportedDecision>,
): AsyncGenerator<object> {
  for await (const { record } of decisions) yield record;
}

async function parquetOf(
  { context, hasLeft }: Pick<Call<never, never, never>, "context" | "hasLeft">,
  decisions: AsyncIterable<ExportedDecision>,
): Promise<Answer> {
  if (context.exports === null) {
    throw new ApiError("NOT_READY", {
      detail: "This process writes no Parquet; `recsys audit export` does.",
      retryAfterSeconds: 60,
    });
  }
  const value = await context.exports.make(decisions, hasLeft);
  if (value === null) return NOBODY_THERE;
  return { stream: { type: PARQUET_TYPE, value } };
}

function toRow({ record, userKey, receivedAt }: StoredDecision): object {
  return {
    request_id: record.request_id,
    decided_at: toTime(receivedAt),
    user_key: userKey,
    route: record.request.route,
    surface: record.request.surface,
    segment: record.request.segment,
    item_ids: record.slate.map((item) => item.item_id),
    config_version: record.versions.config_version,
    rules_version: record.versions.rules_version,
    manifest_version: record.versions.manifest_version,
    degraded: record.degraded,
  };
}

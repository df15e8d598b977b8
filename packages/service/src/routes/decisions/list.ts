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
import Type, { type Static, type TObject } from "typebox";
import { exportDecisions } from "../../decisions/export-decisions.ts";
import { readRoute, type Answer, type Call } from "../../http/route.ts";
import { identities } from "../../ingest/subjects.ts";
import {
  permitExport,
  seePeople,
  type Sight,
} from "../../personal/see-people.ts";
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

/** A version by its name, or by its number alone. */
const VersionField = Type.Optional(
  Type.String({ pattern: "^[0-9]{1,10}(-[a-z0-9]{1,64})?$" }),
);

const FILTER_FIELDS = {
  ...SPAN_FIELDS,
  ...PERSON_FIELDS,
  surface: Type.Optional(SlugName),
  segment: Type.Optional(SlugName),
  item_id: Type.Optional(EntityId),
  degraded: Type.Optional(Type.Boolean()),
  rule_id: Type.Optional(SlugName),
  source: Type.Optional(Type.String({ pattern: "^[a-z][a-z0-9_]{0,63}$" })),
  config_version: VersionField,
  rules_version: VersionField,
  manifest_version: VersionField,
  experiment: Type.Optional(SlugName),
  bandit: Type.Optional(SlugName),
};
type FilterQuery = Static<TObject<typeof FILTER_FIELDS>>;

/** GET /v1/audit/decisions */
export const listDecisionsRoute = readRoute({
  name: "listDecisions",
  method: "GET",
  url: "/v1/audit/decisions",
  permission: "records:read",
  tag: "audit",
  summary:
    "Decisions, newest first. With Accept: application/x-ndjson or application/vnd.apache.parquet all of them as whole records, people hashed; that needs personal:read and X-Purpose.",
  query: queryOf({ ...PAGE_FIELDS, ...FILTER_FIELDS }),
  answer: pageOf({
    request_id: Type.String(),
    surface: Type.String(),
    item_ids: Type.Array(Type.String()),
  }),
  errors: ["NOT_READY"],
  handle: async (call) => {
    const { context, caller, headers, query } = call;
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const person = who.subjectOf(query);
    const filter = await context.store.inTenant(tenant, async (tx) => ({
      ...filterIn(query),
      ...(person === null
        ? {}
        : { userKey: await keyOf(tx, namespace, person.pseudonym) }),
    }));
    const accept = String(headers["accept"] ?? "");
    const isExport = ["application/x-ndjson", PARQUET_TYPE].find((type) =>
      accept.includes(type),
    );
    if (isExport !== undefined) return exportOf(call, { namespace, filter });
    return context.store.inTenant(tenant, async (tx) => {
      const page = await listDecisions(tx, namespace, {
        ...pageIn(query),
        filter,
      });
      const sight = await seePeople(tx, call, {
        namespace,
        kind: "decisions",
        rows: page.rows.length,
        ...given({ userKey: filter.userKey }),
      });
      const items = page.rows.map((row) => toRow(row, sight));
      return { body: { items, next_cursor: page.next } };
    });
  },
});

function filterIn(query: FilterQuery): DecisionFilter {
  const { surface, segment, degraded, source, experiment, bandit } = query;
  return {
    ...spanIn(query),
    ...given({ surface, segment, degraded, source, experiment, bandit }),
    ...given({
      itemId: query.item_id,
      ruleId: query.rule_id,
      configVersion: query.config_version,
      rulesVersion: query.rules_version,
      manifestVersion: query.manifest_version,
    }),
  };
}

/** Everything that the filter leaves, as lines or as a file; it may be kept until the moment in its header. */
async function exportOf(
  call: Pick<
    Call<never, never, never>,
    "context" | "caller" | "headers" | "hasLeft"
  >,
  wanted: { readonly namespace: string; readonly filter: DecisionFilter },
): Promise<Answer> {
  const { context, caller, headers } = call;
  const { tenant } = caller;
  const { namespace, filter } = wanted;
  const expiresAt = await permitExport(call, {
    namespace,
    ...given({ userKey: filter.userKey }),
  });
  const decisions = exportDecisions(context.store, {
    tenant,
    namespace,
    filter,
    salt: context.config.exposureHashSalt,
  });
  const answer = String(headers["accept"]).includes(PARQUET_TYPE)
    ? await parquetOf(call, decisions)
    : { lines: recordsOf(decisions) };
  return { ...answer, headers: { "x-export-expires": toTime(expiresAt) } };
}

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

function toRow(
  { record, userKey, receivedAt }: StoredDecision,
  sight: Sight,
): object {
  return {
    request_id: record.request_id,
    decided_at: toTime(receivedAt),
    user_key: sight.keyOf(userKey),
    route: record.request.route,
    surface: record.request.surface,
    segment: record.segment ?? record.request.segment,
    item_ids: record.slate.map((item) => item.item_id),
    config_version: record.versions.config_version,
    rules_version: record.versions.rules_version,
    manifest_version: record.versions.manifest_version,
    degraded: record.degraded,
  };
}

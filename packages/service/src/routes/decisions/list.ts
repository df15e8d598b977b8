import { EntityId, SlugName } from "@recsys/contracts";
import {
  listDecisions,
  type DecisionFilter,
  type StoredDecision,
} from "@recsys/store";
import Type from "typebox";
import { exportHash } from "../../auth/pseudonym.ts";
import type { ServiceContext } from "../../context.ts";
import { readRoute } from "../../http/route.ts";
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

/** GET /v1/audit/decisions */
export const listDecisionsRoute = readRoute({
  name: "listDecisions",
  method: "GET",
  url: "/v1/audit/decisions",
  permission: "personal:read",
  tag: "audit",
  summary:
    "Decisions, newest first. With Accept: application/x-ndjson all of them as whole records, people hashed.",
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
  handle: async ({ context, caller, headers, query }) => {
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
    if (headers["accept"]?.includes("application/x-ndjson") === true) {
      return { lines: exported(context, { tenant, namespace, filter }) };
    }
    const page = await context.store.inTenant(tenant, (tx) =>
      listDecisions(tx, namespace, { ...pageIn(query), filter }),
    );
    return { body: { items: page.rows.map(toRow), next_cursor: page.next } };
  },
});

const EXPORT_PAGE = 500;

/** Every decision that matches, page by page, so that an export of any length needs little memory. */
async function* exported(
  context: ServiceContext,
  wanted: {
    readonly tenant: string;
    readonly namespace: string;
    readonly filter: DecisionFilter;
  },
): AsyncGenerator<object> {
  const { tenant, namespace, filter } = wanted;
  let after: { readonly cursor?: string } = {};
  for (;;) {
    const page = await context.store.inTenant(tenant, (tx) =>
      listDecisions(tx, namespace, { ...after, limit: EXPORT_PAGE, filter }),
    );
    for (const { record, userKey } of page.rows) {
      const hash =
        userKey === null
          ? null
          : exportHash(context.config.exposureHashSalt, tenant, userKey);
      yield { ...record, subject: hash };
    }
    if (page.next === null) return;
    after = { cursor: page.next };
  }
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

import { listAccess, type AccessKind } from "@recsys/store";
import Type from "typebox";
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

const KINDS: Readonly<Record<AccessKind, true>> = {
  decisions: true,
  decision: true,
  why_not: true,
  events: true,
  exposures: true,
  outcomes: true,
  users: true,
  audience: true,
  export: true,
  report: true,
};

/** GET /v1/audit/access */
export const listAccessRoute = readRoute({
  name: "listAccess",
  method: "GET",
  url: "/v1/audit/access",
  permission: "audit:read",
  tag: "audit",
  summary:
    "Who has read personal records, of whom, for what purpose and whether as themselves or as pseudonyms, newest first.",
  query: queryOf({
    ...PAGE_FIELDS,
    ...SPAN_FIELDS,
    ...PERSON_FIELDS,
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    kind: Type.Optional(
      Type.Union(
        (Object.keys(KINDS) as AccessKind[]).map((kind) => Type.Literal(kind)),
      ),
    ),
  }),
  answer: pageOf({
    at: Type.String(),
    actor: Type.String(),
    kind: Type.String(),
    shown: Type.String(),
    purpose: Type.Union([Type.String(), Type.Null()]),
  }),
  handle: async ({ context, caller, query }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const person = who.subjectOf(query);
    const page = await context.store.inTenant(tenant, async (tx) =>
      listAccess(tx, namespace, {
        ...pageIn(query),
        filter: {
          ...spanIn(query),
          ...given({ actor: query.actor, kind: query.kind }),
          ...(person === null
            ? {}
            : { userKey: await keyOf(tx, namespace, person.pseudonym) }),
        },
      }),
    );
    const items = page.rows.map((row) => ({
      at: toTime(row.at),
      actor: row.actor,
      actor_kind: row.actorKind,
      kind: row.kind,
      shown: row.shown,
      user_key: row.userKey,
      decision_id: row.decisionId,
      purpose: row.purpose,
      rows: row.rows,
      expires_at: toTime(row.expiresAt),
    }));
    return { body: { items, next_cursor: page.next } };
  },
});

import { roleHas } from "@recsys/contracts";
import { listAudit, type AuditEntry } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { closed, placeOf, toTime } from "../shapes.ts";

/** GET /v1/admin/audit */
export const listAuditRoute = readRoute({
  name: "listAudit",
  method: "GET",
  url: "/v1/admin/audit",
  permission: "audit:list",
  tag: "audit",
  summary:
    "Who changed what, newest first: the entries of the hash chain. Contents and their hashes only with audit:read.",
  query: closed({
    before: Type.Optional(placeOf(1)),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  }),
  answer: Type.Object({
    items: Type.Array(Type.Object({ seq: Type.Integer() })),
    next_before: Type.Union([Type.Integer(), Type.Null()]),
  }),
  handle: async ({ context, caller, query }) => {
    const limit = query.limit ?? 100;
    const entries = await context.store.inTenant(caller.tenant, (tx) =>
      listAudit(tx, {
        limit,
        ...(query.before === undefined ? {} : { before: query.before }),
      }),
    );
    const items = entries.map((entry) => ({
      seq: entry.seq,
      at: toTime(entry.at),
      actor: entry.actor,
      actor_kind: entry.actorKind,
      action: entry.action,
      subject: entry.subject,
      ...(roleHas(caller.role, "audit:read") ? contentsOf(entry) : {}),
    }));
    const last = items.at(-1)?.seq ?? null;
    const next_before = items.length === limit ? last : null;
    return { body: { items, next_before } };
  },
});

function contentsOf(entry: AuditEntry): object {
  return {
    before_hash: entry.beforeHash,
    after_hash: entry.afterHash,
    details: entry.details,
    hash: entry.hash,
  };
}

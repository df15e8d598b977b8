import { ManualOverride, type RuleSet } from "@recsys/contracts";
import Type from "typebox";
import { readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/manual_overrides */
export const listOverridesRoute = readRoute({
  name: "listOverrides",
  method: "GET",
  url: "/v1/admin/manual_overrides",
  permission: "config:read",
  tag: "rules",
  summary: "What is boosted or suppressed by hand now, newest first.",
  query: queryOf({}),
  answer: Type.Object({ items: Type.Array(ManualOverride) }),
  handle: async ({ context, caller, query }) => {
    const live = await context.store.inTenant(caller.tenant, (tx) =>
      readDocument<RuleSet>(tx, namespaceIn(query), "rules"),
    );
    const now = context.clock();
    const items = (live.content.overrides ?? [])
      .filter(({ expires_at }) => Date.parse(expires_at) > now)
      .reverse();
    return { body: { items } };
  },
});

import { readHistory } from "../../admin/history.ts";
import { readRoute } from "../../http/route.ts";
import { History } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/rules/history */
export const rulesHistoryRoute = readRoute({
  name: "rulesHistory",
  method: "GET",
  url: "/v1/admin/rules/history",
  permission: "config:read",
  tag: "rules",
  summary: "Versions of the rules, newest first.",
  query: queryOf({}),
  answer: History,
  handle: async ({ context, caller, query }) => {
    const versions = await context.store.inTenant(caller.tenant, (tx) =>
      readHistory(tx, namespaceIn(query), "rules"),
    );
    return { body: { versions } };
  },
});

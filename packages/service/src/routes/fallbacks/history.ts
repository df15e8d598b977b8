import { readHistory } from "../../admin/history.ts";
import { readRoute } from "../../http/route.ts";
import { History } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/fallbacks/history */
export const fallbacksHistoryRoute = readRoute({
  name: "fallbacksHistory",
  method: "GET",
  url: "/v1/admin/fallbacks/history",
  permission: "config:read",
  tag: "fallbacks",
  summary: "Versions of the fallbacks, newest first.",
  query: queryOf({}),
  answer: History,
  handle: async ({ context, caller, query }) => {
    const versions = await context.store.inTenant(caller.tenant, (tx) =>
      readHistory(tx, namespaceIn(query), "fallbacks"),
    );
    return { body: { versions } };
  },
});

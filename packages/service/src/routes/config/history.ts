import { readHistory } from "../../admin/history.ts";
import { readRoute } from "../../http/route.ts";
import { ConfigNamespaceField, History } from "../edit-shapes.ts";
import { closed, namespaceIn } from "../shapes.ts";

/** GET /v1/admin/config/history */
export const configHistoryRoute = readRoute({
  name: "configHistory",
  method: "GET",
  url: "/v1/admin/config/history",
  permission: "config:read",
  tag: "configuration",
  summary: "Versions of the configuration, newest first.",
  query: closed({ namespace: ConfigNamespaceField }),
  answer: History,
  handle: async ({ context, caller, query }) => {
    const versions = await context.store.inTenant(caller.tenant, (tx) =>
      readHistory(tx, namespaceIn(query), "config"),
    );
    return { body: { versions } };
  },
});

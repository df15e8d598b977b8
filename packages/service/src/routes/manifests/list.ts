import { readHistory } from "../../admin/history.ts";
import { readRoute } from "../../http/route.ts";
import { History } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/manifests */
export const listManifestsRoute = readRoute({
  name: "listManifests",
  method: "GET",
  url: "/v1/admin/manifests",
  permission: "config:read",
  tag: "manifests",
  summary: "Manifests that were live, newest first.",
  query: queryOf({}),
  answer: History,
  handle: async ({ context, caller, query }) => {
    const versions = await context.store.inTenant(caller.tenant, (tx) =>
      readHistory(tx, namespaceIn(query), "manifest"),
    );
    return { body: { versions } };
  },
});

import { ConfigDocument } from "@recsys/contracts";
import { readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { versionOf } from "../../serving/snapshot-documents.ts";
import { ConfigNamespaceField, documentOf } from "../edit-shapes.ts";
import { closed, namespaceIn } from "../shapes.ts";

/** GET /v1/admin/config */
export const readConfigRoute = readRoute({
  name: "readConfig",
  method: "GET",
  url: "/v1/admin/config",
  permission: "config:read",
  tag: "configuration",
  summary: "The whole configuration of a namespace.",
  query: closed({ namespace: ConfigNamespaceField }),
  answer: documentOf(ConfigDocument),
  handle: async ({ context, caller, query }) => {
    const live = await context.store.inTenant(caller.tenant, (tx) =>
      readDocument(tx, namespaceIn(query), "config"),
    );
    return { body: { version: versionOf(live), content: live.content } };
  },
});

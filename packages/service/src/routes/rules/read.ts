import { RuleSet } from "@recsys/contracts";
import { etagOf, readDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { versionOf } from "../../serving/snapshot-documents.ts";
import { documentOf } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** GET /v1/admin/rules */
export const readRulesRoute = readRoute({
  name: "readRules",
  method: "GET",
  url: "/v1/admin/rules",
  permission: "config:read",
  tag: "rules",
  summary: "The rule set, with the ETag that a change needs.",
  query: queryOf({}),
  answer: documentOf(RuleSet),
  handle: async ({ context, caller, query }) => {
    const live = await context.store.inTenant(caller.tenant, (tx) =>
      readDocument(tx, namespaceIn(query), "rules"),
    );
    return {
      headers: { etag: etagOf(live.content) },
      body: { version: versionOf(live), content: live.content },
    };
  },
});

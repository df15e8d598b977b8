import { ApiError, RuleSet } from "@recsys/contracts";
import { editDocument, etagOf, requireMatch } from "../../admin/documents.ts";
import { ruleErrors } from "../../admin/rule-errors.ts";
import { jsonRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { Changed, DEFAULT_REASON, ReasonField } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** PUT /v1/admin/rules */
export const writeRulesRoute = jsonRoute({
  name: "writeRules",
  method: "PUT",
  url: "/v1/admin/rules",
  permission: "config:write",
  tag: "rules",
  summary:
    "Replace the rule set; If-Match names the content that the author has seen.",
  query: queryOf({ reason: ReasonField }),
  body: RuleSet,
  answer: Changed,
  errors: ["PRECONDITION_REQUIRED", "VERSION_CONFLICT"],
  handle: async ({ context, caller, headers, query, body }) => {
    const namespace = namespaceIn(query);
    const config = await liveConfig(context, caller.tenant, namespace);
    const errors = ruleErrors(body, config);
    if (errors.length > 0) throw new ApiError("INVALID_REQUEST", { errors });
    const made = await editDocument<RuleSet>(
      context,
      {
        caller,
        namespace,
        pointer: "rules",
        reason: query.reason ?? DEFAULT_REASON,
      },
      (live) => {
        requireMatch(headers, etagOf(live));
        return body;
      },
    );
    return {
      headers: { etag: etagOf(body) },
      body: { change_id: made.changeId, version: made.version },
    };
  },
});

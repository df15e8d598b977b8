import { RuleSet } from "@recsys/contracts";
import { editDocument, etagOf, requireMatch } from "../../admin/documents.ts";
import { keepLabels } from "../../admin/keep-labels.ts";
import { requireCases } from "../../admin/require-cases.ts";
import { requireGoodRules } from "../../admin/rule-errors.ts";
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
    "Replace the rule set; If-Match names the content that the author has seen. Its test cases run first, and one that fails keeps it from going live.",
  query: queryOf({ reason: ReasonField }),
  body: RuleSet,
  answer: Changed,
  errors: ["PRECONDITION_REQUIRED", "RULE_CASES_FAILED", "VERSION_CONFLICT"],
  handle: async ({ context, caller, headers, query, body }) => {
    const namespace = namespaceIn(query);
    const config = await liveConfig(context, caller.tenant, namespace);
    requireGoodRules(body, config);
    await requireCases(context, body, { tenant: caller.tenant, namespace });
    let written = body;
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
        written = keepLabels(body, live);
        return written;
      },
    );
    return {
      headers: { etag: etagOf(written) },
      body: { change_id: made.changeId, version: made.version },
    };
  },
});

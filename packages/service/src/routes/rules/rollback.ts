import { goBack } from "../../admin/history.ts";
import { jsonRoute } from "../../http/route.ts";
import { BackTo, Changed } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/admin/rules/rollback */
export const rulesRollbackRoute = jsonRoute({
  name: "rollBackRules",
  method: "POST",
  url: "/v1/admin/rules/rollback",
  permission: "config:write",
  tag: "rules",
  summary: "Back to the rule set before the live one, or to the version given.",
  query: queryOf({}),
  body: BackTo,
  answer: Changed,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const made = await goBack(context, {
      caller,
      namespace: namespaceIn(query),
      pointer: "rules",
      reason: body.reason,
      version: body.version,
    });
    return { body: { change_id: made.changeId, version: made.version } };
  },
});

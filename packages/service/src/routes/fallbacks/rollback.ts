import { goBack } from "../../admin/history.ts";
import { jsonRoute } from "../../http/route.ts";
import { BackTo, Changed } from "../edit-shapes.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/admin/fallbacks/rollback */
export const fallbacksRollbackRoute = jsonRoute({
  name: "rollBackFallbacks",
  method: "POST",
  url: "/v1/admin/fallbacks/rollback",
  permission: "fallbacks:write",
  tag: "fallbacks",
  summary:
    "Back to the fallback lists of all surfaces before the live ones, or to the version given.",
  query: queryOf({}),
  body: BackTo,
  answer: Changed,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const made = await goBack(context, {
      caller,
      namespace: namespaceIn(query),
      pointer: "fallbacks",
      reason: body.reason,
      version: body.version,
    });
    return { body: { change_id: made.changeId, version: made.version } };
  },
});

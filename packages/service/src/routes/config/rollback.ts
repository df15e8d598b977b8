import { goBack } from "../../admin/history.ts";
import { jsonRoute } from "../../http/route.ts";
import { BackTo, Changed, ConfigNamespaceField } from "../edit-shapes.ts";
import { closed, namespaceIn } from "../shapes.ts";

/** POST /v1/admin/config/rollback */
export const configRollbackRoute = jsonRoute({
  name: "rollBackConfig",
  method: "POST",
  url: "/v1/admin/config/rollback",
  permission: "config:write",
  tag: "configuration",
  summary:
    "Back to the configuration before the live one, or to the version given.",
  query: closed({ namespace: ConfigNamespaceField }),
  body: BackTo,
  answer: Changed,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const made = await goBack(context, {
      caller,
      namespace: namespaceIn(query),
      pointer: "config",
      reason: body.reason,
      version: body.version,
    });
    return { body: { change_id: made.changeId, version: made.version } };
  },
});

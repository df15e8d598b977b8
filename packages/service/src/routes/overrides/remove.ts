import { ApiError, SlugName, type RuleSet } from "@recsys/contracts";
import { editDocument } from "../../admin/documents.ts";
import { readRoute } from "../../http/route.ts";
import { Changed, DEFAULT_REASON, ReasonField } from "../edit-shapes.ts";
import { closed, namespaceIn, queryOf } from "../shapes.ts";

/** DELETE /v1/admin/manual_overrides/:id */
export const removeOverrideRoute = readRoute({
  name: "removeOverride",
  method: "DELETE",
  url: "/v1/admin/manual_overrides/:id",
  permission: "overrides:write",
  tag: "rules",
  summary: "End an override before its time.",
  params: closed({ id: SlugName }),
  query: queryOf({ reason: ReasonField }),
  answer: Changed,
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, params, query }) => {
    const made = await editDocument<RuleSet>(
      context,
      {
        caller,
        namespace: namespaceIn(query),
        pointer: "rules",
        reason: query.reason ?? DEFAULT_REASON,
      },
      (live) => {
        const { overrides = [] } = live;
        const kept = overrides.filter(({ id }) => id !== params.id);
        if (kept.length === overrides.length) {
          throw new ApiError("NOT_FOUND", {
            detail: `There is no override ${params.id}.`,
          });
        }
        return { ...live, overrides: kept };
      },
    );
    return { body: { change_id: made.changeId, version: made.version } };
  },
});

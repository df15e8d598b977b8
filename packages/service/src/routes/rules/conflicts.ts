import { findRuleConflicts } from "@recsys/ranking";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { namespaceIn, queryOf } from "../shapes.ts";
import { Conflict } from "./shapes.ts";

/** GET /v1/admin/rules/conflicts */
export const ruleConflictsRoute = readRoute({
  name: "ruleConflicts",
  method: "GET",
  url: "/v1/admin/rules/conflicts",
  permission: "config:read",
  tag: "rules",
  summary:
    "Live rules that mean nothing, that another decides for, or that pull items apart.",
  query: queryOf({}),
  answer: Type.Object({ conflicts: Type.Array(Conflict) }),
  errors: ["NAMESPACE_UNKNOWN"],
  handle: async ({ context, caller, query }) => {
    const { loaded } = await context.snapshots.ensure(
      caller.tenant,
      namespaceIn(query),
    );
    const { compiledRules, catalogue } = loaded.snapshot;
    const now = context.clock();
    const conflicts = findRuleConflicts(compiledRules, catalogue, now);
    return { body: { conflicts } };
  },
});

import { explainDecision } from "@recsys/contracts";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { toTime } from "../shapes.ts";
import { DecisionParams, requireDecision } from "./find.ts";

/** GET /v1/audit/decisions/:request_id */
export const readDecisionRoute = readRoute({
  name: "readDecision",
  method: "GET",
  url: "/v1/audit/decisions/:request_id",
  permission: "personal:read",
  tag: "audit",
  summary: "Everything that led to one list.",
  params: DecisionParams,
  answer: Type.Object({
    record: Type.Record(Type.String(), Type.Unknown()),
    user_key: Type.Union([Type.String(), Type.Null()]),
    shipped_at: Type.String(),
  }),
  errors: ["DECISION_UNKNOWN"],
  handle: async ({ context, caller, params }) => {
    const found = await requireDecision(
      context,
      caller.tenant,
      params.request_id,
    );
    return {
      body: {
        record: explainDecision(found.record),
        user_key: found.userKey,
        shipped_at: toTime(found.shippedAt),
      },
    };
  },
});

import { ApiError, explainDecision } from "@recsys/contracts";
import { findDecision } from "@recsys/store";
import Type from "typebox";
import { hasTagOf } from "../../http/request-id.ts";
import { readRoute } from "../../http/route.ts";
import { closed, toTime } from "../shapes.ts";

/** GET /v1/audit/decisions/:request_id */
export const readDecisionRoute = readRoute({
  name: "readDecision",
  method: "GET",
  url: "/v1/audit/decisions/:request_id",
  permission: "personal:read",
  tag: "audit",
  summary: "Everything that led to one list.",
  params: closed({ request_id: Type.String({ format: "uuid" }) }),
  answer: Type.Object({
    record: Type.Record(Type.String(), Type.Unknown()),
    user_key: Type.Union([Type.String(), Type.Null()]),
    shipped_at: Type.String(),
  }),
  errors: ["DECISION_UNKNOWN"],
  handle: async ({ context, caller, params }) => {
    const id = params.request_id.toLowerCase();
    // A decision may still wait on disk for its batch: it is shipped now.
    if (hasTagOf(id, caller.tenant)) await context.decisions.ship();
    const found = await context.store.inTenant(caller.tenant, (tx) =>
      findDecision(tx, id),
    );
    if (found === null) throw new ApiError("DECISION_UNKNOWN");
    const { record, userKey, shippedAt } = found;
    return {
      body: {
        record: explainDecision(record),
        user_key: userKey,
        shipped_at: toTime(shippedAt),
      },
    };
  },
});

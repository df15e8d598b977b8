import { explainDecision } from "@recsys/contracts";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { seePeople } from "../../personal/see-people.ts";
import { toTime } from "../shapes.ts";
import { DecisionParams, requireDecision } from "./find.ts";

/** GET /v1/audit/decisions/:request_id */
export const readDecisionRoute = readRoute({
  name: "readDecision",
  method: "GET",
  url: "/v1/audit/decisions/:request_id",
  permission: "records:read",
  tag: "audit",
  summary:
    "Everything that led to one list. Without personal:read the person is a pseudonym without history and traits.",
  params: DecisionParams,
  answer: Type.Object({
    record: Type.Record(Type.String(), Type.Unknown()),
    user_key: Type.Union([Type.String(), Type.Null()]),
    shipped_at: Type.String(),
  }),
  errors: ["DECISION_UNKNOWN"],
  handle: async (call) => {
    const { context, caller, params } = call;
    const { tenant } = caller;
    const found = await requireDecision(context, tenant, params.request_id);
    const sight = await context.store.inTenant(tenant, (tx) =>
      seePeople(tx, call, {
        namespace: found.record.namespace,
        kind: "decision",
        decisionId: found.requestId,
        rows: 1,
      }),
    );
    return {
      body: {
        record: explainDecision(sight.decision(found.record)),
        user_key: sight.keyOf(found.userKey),
        shipped_at: toTime(found.shippedAt),
      },
    };
  },
});

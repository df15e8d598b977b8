import { EntityId, WhyNot } from "@recsys/contracts";
import Type from "typebox";
import { jsonRoute } from "../../http/route.ts";
import { seePeople } from "../../personal/see-people.ts";
import { createReplayer } from "../../replay/replayer.ts";
import { closed } from "../shapes.ts";
import { DecisionParams, requireDecision } from "./find.ts";

/** POST /v1/audit/decisions/:request_id/why-not */
export const whyNotRoute = jsonRoute({
  name: "explainAbsence",
  method: "POST",
  url: "/v1/audit/decisions/:request_id/why-not",
  permission: "personal:read",
  tag: "audit",
  summary:
    "Why these items of the catalogue are not in a past list: the decision is ranked again from its record, and each item answers with the stage, the reason and what it missed by.",
  params: DecisionParams,
  body: closed({
    item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 1000 }),
  }),
  answer: Type.Object({
    request_id: Type.String(),
    identical: Type.Boolean({
      description: "whether ranking again gave the recorded list",
    }),
    difference: Type.String(),
    items: Type.Array(WhyNot),
  }),
  errors: ["DECISION_UNKNOWN", "REPLAY_IMPOSSIBLE"],
  handle: async (call) => {
    const { context, caller, params, body } = call;
    const { tenant } = caller;
    const { record } = await requireDecision(
      context,
      tenant,
      params.request_id,
    );
    await context.store.inTenant(tenant, (tx) =>
      seePeople(tx, call, {
        namespace: record.namespace,
        kind: "why_not",
        decisionId: record.request_id,
        rows: body.item_ids.length,
      }),
    );
    const { snapshots } = context;
    const replayer = createReplayer({
      store: context.store,
      tenant,
      objects: context.objectsFor(await context.tenants.get(tenant)),
      near: (namespace) => snapshots.peek(tenant, namespace)?.loaded ?? null,
    });
    const replay = await replayer.explain(record, body.item_ids);
    const { requestId, identical, difference, result } = replay;
    return {
      body: {
        request_id: requestId,
        identical,
        difference,
        items: result.whyNot,
      },
    };
  },
});

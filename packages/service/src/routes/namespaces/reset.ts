import { SlugName } from "@recsys/contracts";
import Type from "typebox";
import { jsonRoute } from "../../http/route.ts";
import {
  evidenceHash,
  requireConfirmation,
} from "../../namespaces/evidence.ts";
import { resetNamespace } from "../../namespaces/reset-namespace.ts";
import { closed } from "../shapes.ts";
import { Evidence, NamespaceParams, Sentence } from "./shapes.ts";

/** POST /v1/admin/namespaces/:name/reset */
export const resetNamespaceRoute = jsonRoute({
  name: "resetNamespace",
  method: "POST",
  url: "/v1/admin/namespaces/:name/reset",
  permission: "namespaces:write",
  tag: "namespaces",
  summary:
    "Empty a namespace: items, people, events, decisions, and its configuration unless that is kept. It cannot be undone; `confirm` repeats the name.",
  params: NamespaceParams,
  body: closed({
    confirm: SlugName,
    reason: Sentence,
    keep_configuration: Type.Optional(Type.Boolean()),
  }),
  answer: Evidence,
  isCreating: true,
  handle: async ({ context, caller, params, body }) => {
    const { tenant, principal } = caller;
    const namespace = params.name;
    requireConfirmation(namespace, body.confirm);
    // What still waits on disk would come back.
    await context.decisions.ship();
    const evidence = await context.store.inTenant(tenant, (tx) =>
      resetNamespace(tx, {
        namespace,
        actor: principal.id,
        actorKind: principal.kind,
        reason: body.reason,
        now: context.clock(),
        keepsConfiguration: body.keep_configuration === true,
      }),
    );
    context.users.forget(tenant, namespace, null);
    await context.snapshots.refresh(tenant);
    return { body: { evidence, sha256: evidenceHash(evidence) } };
  },
});

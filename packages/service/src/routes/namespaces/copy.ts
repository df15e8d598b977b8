import { SlugName } from "@recsys/contracts";
import { jsonRoute } from "../../http/route.ts";
import { copyNamespace } from "../../namespaces/copy-namespace.ts";
import {
  evidenceHash,
  requireConfirmation,
} from "../../namespaces/evidence.ts";
import { closed } from "../shapes.ts";
import { Evidence, NamespaceParams, Sentence } from "./shapes.ts";

/** POST /v1/admin/namespaces/:name/copy */
export const copyNamespaceRoute = jsonRoute({
  name: "copyNamespace",
  method: "POST",
  url: "/v1/admin/namespaces/:name/copy",
  permission: "namespaces:write",
  tag: "namespaces",
  summary:
    "Copy configuration, rules, fallback lists and items into a namespace without items; people and what they did stay. `confirm` repeats `to`.",
  params: NamespaceParams,
  body: closed({ to: SlugName, confirm: SlugName, reason: Sentence }),
  answer: Evidence,
  errors: ["ALREADY_EXISTS", "NAMESPACE_UNKNOWN"],
  isCreating: true,
  handle: async ({ context, caller, params, body }) => {
    const { tenant, principal } = caller;
    requireConfirmation(body.to, body.confirm);
    const evidence = await context.store.inTenant(tenant, (tx) =>
      copyNamespace(tx, {
        from: params.name,
        namespace: body.to,
        actor: principal.id,
        actorKind: principal.kind,
        reason: body.reason,
        now: context.clock(),
      }),
    );
    await context.snapshots.refresh(tenant);
    return { body: { evidence, sha256: evidenceHash(evidence) } };
  },
});

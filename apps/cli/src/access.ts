import { recordAccess, type NewAccess } from "@recsys/store";
import { operator } from "./audit.ts";
import type { Place } from "./platform.ts";

/** Writes down that somebody at the command line reads what people did. */
export async function noteAccess(
  { platform, tenant, namespace }: Place,
  read: Pick<
    NewAccess,
    "kind" | "userKey" | "decisionId" | "rows" | "expiresAt"
  > & { readonly purpose?: string; readonly shown?: NewAccess["shown"] },
): Promise<void> {
  const { purpose = null, shown = "personal", ...what } = read;
  await platform.store.inTenant(tenant.tenantId, (tx) =>
    recordAccess(tx, namespace, {
      ...what,
      purpose,
      shown,
      actor: operator(),
      actorKind: "human",
    }),
  );
}

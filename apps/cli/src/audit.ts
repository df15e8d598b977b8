import { userInfo } from "node:os";
import { appendAudit, type AuditFacts } from "@recsys/store";
import type { Platform } from "./platform.ts";

/** Who sits at the command line, as the audit log names people. */
export function operator(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // The account of a container may have no name.
    return "cli";
  }
}

/** Appends what somebody did at the command line to the tenant's chain. */
export async function audit(
  platform: Platform,
  tenant: string,
  facts: Pick<AuditFacts, "action" | "subject" | "details">,
): Promise<void> {
  await platform.store.inTenant(tenant, (tx) =>
    appendAudit(tx, { actor: operator(), actorKind: "human", ...facts }),
  );
}

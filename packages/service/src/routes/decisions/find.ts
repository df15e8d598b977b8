import { ApiError } from "@recsys/contracts";
import { findDecision, type StoredDecision } from "@recsys/store";
import Type from "typebox";
import type { ServiceContext } from "../../context.ts";
import { hasTagOf } from "../../http/request-id.ts";
import { closed } from "../shapes.ts";

/** The part of the path that names a decision. */
export const DecisionParams = closed({
  request_id: Type.String({ format: "uuid" }),
});

/** The decision of the tenant, also when it still waits on disk for its batch. Throws DECISION_UNKNOWN. */
export async function requireDecision(
  context: ServiceContext,
  tenant: string,
  requestId: string,
): Promise<StoredDecision> {
  const id = requestId.toLowerCase();
  if (hasTagOf(id, tenant)) await context.decisions.ship();
  const found = await context.store.inTenant(tenant, (tx) =>
    findDecision(tx, id),
  );
  if (found === null) throw new ApiError("DECISION_UNKNOWN");
  return found;
}

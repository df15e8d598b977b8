import { ApiError } from "@recsys/contracts";
import { findTenant } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";

/** GET /v1/tenant */
export const readTenantRoute = readRoute({
  name: "readTenant",
  method: "GET",
  url: "/v1/tenant",
  permission: "config:read",
  tag: "administration",
  summary: "The tenant that the credentials belong to.",
  answer: Type.Object({
    tenant: Type.String(),
    name: Type.String(),
    serving_mode: Type.String(),
    time_offset_days: Type.Integer({
      description: "by how much an import moved all times forward",
    }),
  }),
  handle: async ({ context, caller }) => {
    const found = await context.store.tenantless((db) =>
      findTenant(db, caller.tenant),
    );
    if (found === null) {
      throw new ApiError("TENANT_UNKNOWN", {
        detail: `There is no tenant "${caller.tenant}".`,
      });
    }
    return {
      body: {
        tenant: found.tenantId,
        name: found.name,
        serving_mode: found.servingMode,
        time_offset_days: found.timeOffsetDays,
      },
    };
  },
});

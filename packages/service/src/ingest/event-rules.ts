import type { ServiceContext } from "../context.ts";
import type { EventRules } from "./event-rows.ts";
import { liveConfig } from "./live-config.ts";
import { identities } from "./subjects.ts";

/** The rules in force for rows of events and outcomes. */
export async function eventRules(
  context: ServiceContext,
  tenant: string,
  namespace: string,
): Promise<EventRules> {
  return {
    config: await liveConfig(context, tenant, namespace),
    who: identities((await context.tenants.get(tenant)).secret),
    now: context.clock(),
  };
}

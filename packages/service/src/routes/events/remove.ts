import { deleteEvents } from "@recsys/store";
import { readRoute } from "../../http/route.ts";
import { identities } from "../../ingest/subjects.ts";
import { Deleted, namespaceIn, queryOf } from "../shapes.ts";
import { EVENT_FILTER_FIELDS, eventFilterIn } from "./filter.ts";

/** DELETE /v1/events */
export const removeEventsRoute = readRoute({
  name: "removeEvents",
  method: "DELETE",
  url: "/v1/events",
  permission: "events:write",
  tag: "events",
  summary:
    "Delete the events that meet all conditions, with their outcomes; at least one is needed.",
  query: queryOf(EVENT_FILTER_FIELDS),
  answer: Deleted,
  handle: async ({ context, caller, query }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const deleted = await context.store.inTenant(tenant, async (tx) =>
      deleteEvents(
        tx,
        namespace,
        await eventFilterIn(tx, namespace, { query, who }),
      ),
    );
    context.users.forget(tenant, namespace, null);
    return { body: { deleted } };
  },
});

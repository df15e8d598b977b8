import { deleteUsers } from "@recsys/store";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { identities } from "../../ingest/subjects.ts";
import { Deleted, namespaceIn, queryOf } from "../shapes.ts";
import { USER_FILTER_FIELDS, userFilterIn } from "./filter.ts";

/** DELETE /v1/users */
export const removeUsersRoute = readRoute({
  name: "removeUsers",
  method: "DELETE",
  url: "/v1/users",
  permission: "events:write",
  tag: "users",
  summary:
    "Forget the users that meet all conditions: their traits and every identifier that leads to them.",
  query: queryOf(USER_FILTER_FIELDS),
  answer: Deleted,
  handle: async ({ context, caller, query }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { schema } = await liveConfig(context, tenant, namespace);
    const who = identities((await context.tenants.get(tenant)).secret);
    const filter = userFilterIn(query, who, schema);
    const deleted = await context.store.inTenant(tenant, (tx) =>
      deleteUsers(tx, namespace, filter),
    );
    context.users.forget(tenant, namespace, null);
    return { body: { deleted } };
  },
});

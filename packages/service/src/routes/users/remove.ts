import { deleteUsers } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { identities } from "../../ingest/subjects.ts";
import { namespaceIn, PERSON_FIELDS, queryOf } from "../shapes.ts";
import { USER_FILTER_FIELDS, userFilterIn } from "./filter.ts";

/** DELETE /v1/users */
export const removeUsersRoute = readRoute({
  name: "removeUsers",
  method: "DELETE",
  url: "/v1/users",
  permission: "events:write",
  tag: "users",
  summary:
    "Erase people, by one identifier or by a trait: identifiers, traits, events, exposures, outcomes and decisions, also those of their sessions.",
  query: queryOf({ ...USER_FILTER_FIELDS, ...PERSON_FIELDS }),
  answer: Type.Object({
    deleted: Type.Integer({ description: "people" }),
    rows: Type.Integer({ description: "everything stored about them" }),
  }),
  handle: async ({ context, caller, query, hasLeft }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { schema } = await liveConfig(context, tenant, namespace);
    const who = identities((await context.tenants.get(tenant)).secret);
    const filter = userFilterIn(query, who, schema);
    const erased = { deleted: 0, rows: 0 };
    for (let isDone = false; !isDone;) {
      const some = await context.store.inTenant(tenant, (tx) =>
        deleteUsers(tx, namespace, filter),
      );
      context.users.forget(tenant, namespace, null);
      context.shown.forget(tenant, namespace, null);
      erased.deleted += some.people;
      erased.rows += some.rows;
      // Whoever hung up may ask again: what is erased stays so.
      isDone = some.isDone || hasLeft();
    }
    return { body: erased };
  },
});

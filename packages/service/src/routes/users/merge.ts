import { UserMerge } from "@recsys/contracts";
import { mergePeople } from "@recsys/store";
import Type from "typebox";
import { jsonRoute } from "../../http/route.ts";
import { identities } from "../../ingest/subjects.ts";
import { namespaceIn, queryOf } from "../shapes.ts";

/** POST /v1/users/merge */
export const mergeUsersRoute = jsonRoute({
  name: "mergeUsers",
  method: "POST",
  url: "/v1/users/merge",
  permission: "events:write",
  tag: "users",
  summary:
    "Make everything that an anonymous visitor did the user's; the older experiment assignment stays.",
  query: queryOf({}),
  body: UserMerge,
  answer: Type.Object({
    merged: Type.Boolean({
      description: "false: both were one person already",
    }),
    events_moved: Type.Integer(),
    exposures_contaminated: Type.Integer({
      description: "made under the assignment that is no longer used",
    }),
  }),
  errors: ["ALREADY_EXISTS"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const who = identities((await context.tenants.get(tenant)).secret);
    const anonymous = who.make("anonymous", body.anonymous_id);
    const user = who.make("user", body.user_id);
    const merged = await context.store.inTenant(tenant, (tx) =>
      mergePeople(tx, namespace, { anonymous, user }),
    );
    context.users.forget(tenant, namespace, [
      anonymous.pseudonym,
      user.pseudonym,
    ]);
    return {
      body: {
        merged: merged.merged,
        events_moved: merged.eventsMoved,
        exposures_contaminated: merged.exposuresContaminated,
      },
    };
  },
});

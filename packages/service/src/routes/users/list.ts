import { listUsers } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { liveConfig } from "../../ingest/live-config.ts";
import { seePeople } from "../../personal/see-people.ts";
import { identities } from "../../ingest/subjects.ts";
import {
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
  toTime,
} from "../shapes.ts";
import { USER_FILTER_FIELDS, userFilterIn } from "./filter.ts";

/** GET /v1/users */
export const listUsersRoute = readRoute({
  name: "listUsers",
  method: "GET",
  url: "/v1/users",
  permission: "personal:read",
  tag: "users",
  summary: "List known users by id, with filters.",
  query: queryOf({ ...PAGE_FIELDS, ...USER_FILTER_FIELDS }),
  answer: pageOf({
    user_id: Type.String(),
    traits: Type.Record(Type.String(), Type.Unknown()),
    locale: Type.Union([Type.String(), Type.Null()]),
    consent: Type.String(),
    first_seen_at: Type.String(),
    updated_at: Type.Union([Type.String(), Type.Null()]),
  }),
  handle: async (call) => {
    const { context, caller, query } = call;
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { schema } = await liveConfig(context, tenant, namespace);
    const who = identities((await context.tenants.get(tenant)).secret);
    const page = await context.store.inTenant(tenant, async (tx) => {
      const found = await listUsers(tx, namespace, {
        ...pageIn(query),
        filter: userFilterIn(query, who, schema),
      });
      const rows = found.rows.length;
      const [first] = found.rows;
      await seePeople(tx, call, {
        namespace,
        kind: "users",
        rows,
        ...(query.user_id === undefined || first === undefined
          ? {}
          : { userKey: first.userKey }),
      });
      return found;
    });
    const items = page.rows.map((user) => ({
      user_id: user.userId,
      traits: user.traits,
      locale: user.locale,
      consent: user.consent,
      first_seen_at: toTime(user.firstSeenAt),
      updated_at: toTime(user.updatedAt),
    }));
    return { body: { items, next_cursor: page.next } };
  },
});

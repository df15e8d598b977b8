import { deleteItems } from "@recsys/store";
import { readRoute } from "../../http/route.ts";
import { Deleted, namespaceIn, queryOf } from "../shapes.ts";
import { ITEM_FILTER_FIELDS, itemFilterIn } from "./filter.ts";

/** DELETE /v1/items */
export const removeItemsRoute = readRoute({
  name: "removeItems",
  method: "DELETE",
  url: "/v1/items",
  permission: "catalogue:write",
  tag: "catalogue",
  summary: "Delete the items that meet all conditions; at least one is needed.",
  query: queryOf(ITEM_FILTER_FIELDS),
  answer: Deleted,
  handle: async ({ context, caller, query }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { deleted } = await context.store.inTenant(tenant, (tx) =>
      deleteItems(tx, namespace, itemFilterIn(query)),
    );
    await context.snapshots.refresh(tenant, namespace);
    return { body: { deleted } };
  },
});

import type { Item } from "@recsys/contracts";
import { listItems } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import {
  namespaceIn,
  PAGE_FIELDS,
  pageIn,
  pageOf,
  queryOf,
  toTime,
} from "../shapes.ts";
import { ITEM_FILTER_FIELDS, itemFilterIn } from "./filter.ts";

/** GET /v1/items */
export const listItemsRoute = readRoute({
  name: "listItems",
  method: "GET",
  url: "/v1/items",
  permission: "catalogue:read",
  tag: "catalogue",
  summary: "List items by id, with filters.",
  query: queryOf({ ...PAGE_FIELDS, ...ITEM_FILTER_FIELDS }),
  answer: pageOf({ item_id: Type.String(), updated_at: Type.String() }),
  handle: async ({ context, caller, query }) => {
    const page = await context.store.inTenant(caller.tenant, (tx) =>
      listItems(tx, namespaceIn(query), {
        ...pageIn(query),
        filter: itemFilterIn(query),
      }),
    );
    const items = page.rows.map(({ item, updatedAt }) => ({
      ...toWire(item),
      updated_at: toTime(updatedAt),
    }));
    return { body: { items, next_cursor: page.next } };
  },
});

/** An item in the form in which it is sent: times as text. */
function toWire(item: Item): Record<string, unknown> {
  const wire: Record<string, unknown> = { ...item };
  for (const field of ["valid_from", "valid_until", "created_at"] as const) {
    const ms = item[field];
    if (ms !== undefined) wire[field] = toTime(ms);
  }
  return wire;
}

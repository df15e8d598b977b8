import { EntityId } from "@recsys/contracts";
import type { ItemFilter } from "@recsys/store";
import Type, { type Static, type TObject } from "typebox";
import { given } from "../shapes.ts";

/** Conditions on items in a query. */
export const ITEM_FILTER_FIELDS = {
  item_id: Type.Optional(
    Type.Array(EntityId, {
      maxItems: 200,
      description: "any of these; repeat the parameter for several",
    }),
  ),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  brand: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  category: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: "any level of the path",
    }),
  ),
  available: Type.Optional(Type.Boolean()),
};
type ItemFilterQuery = Static<TObject<typeof ITEM_FILTER_FIELDS>>;

export function itemFilterIn(query: ItemFilterQuery): ItemFilter {
  const { item_id, tag, brand, category, available } = query;
  return given({
    ids: item_id,
    tag,
    brand,
    category,
    available,
  });
}

import Type, { type Static, type TSchema } from "typebox";
import { EntityId, Timestamp } from "./ids.ts";

/** A field that a partial update may also clear by sending null. */
export function clearable<T extends TSchema>(schema: T) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

/** An object with free keys that match a pattern; any other key is an unknown field. */
export function keyed<T extends TSchema>(
  pattern: string,
  schema: T,
  description?: string,
) {
  return Type.Record(Type.String({ pattern }), schema, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

/** Pattern of attribute, trait and context keys. */
export const KEY_PATTERN = "^[a-z][a-z0-9_]{0,63}$";

/** Value of an item attribute, a user trait or a context key. */
export const AttributeValue = Type.Union([
  Type.String({ maxLength: 2000 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 200 }), { maxItems: 200 }),
]);
export type AttributeValue = Static<typeof AttributeValue>;

const Tag = Type.String({ minLength: 1, maxLength: 200 });

/**
 * One row of POST /v1/items: an upsert. Absent fields keep their value, null
 * clears, `attributes` merge key by key.
 */
export const ItemInput = Type.Object(
  {
    item_id: EntityId,
    available: Type.Optional(Type.Boolean()),
    valid_from: clearable(Timestamp),
    valid_until: clearable(Timestamp),
    price: clearable(Type.Number({ minimum: 0 })),
    currency: clearable(Type.String({ pattern: "^[A-Z]{3}$" })),
    stock: clearable(Type.Number({ minimum: 0 })),
    tags: clearable(Type.Array(Tag, { maxItems: 200, uniqueItems: true })),
    category: clearable(
      Type.Array(Tag, { maxItems: 20, description: "path, widest first" }),
    ),
    brand: clearable(Type.String({ minLength: 1, maxLength: 200 })),
    provider_id: clearable(EntityId),
    margin: clearable(
      Type.Number({ minimum: -1, maximum: 1, description: "share of price" }),
    ),
    sponsored: clearable(
      Type.Boolean({ description: "paid for: labelled and capped in lists" }),
    ),
    title: clearable(Type.String({ maxLength: 2000 })),
    description: clearable(Type.String({ maxLength: 20000 })),
    image_url: clearable(Type.String({ maxLength: 2000 })),
    url: clearable(Type.String({ maxLength: 2000 })),
    locale: clearable(Type.String({ maxLength: 35 })),
    created_at: clearable(Timestamp),
    attributes: Type.Optional(
      keyed(KEY_PATTERN, Type.Union([AttributeValue, Type.Null()])),
    ),
    labels: Type.Optional(
      keyed(
        KEY_PATTERN,
        Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
        "score of a classifier by label of the policy; merged key by key",
      ),
    ),
    embedding: clearable(Type.Array(Type.Number(), { maxItems: 4096 })),
  },
  { additionalProperties: false },
);
export type ItemInput = Static<typeof ItemInput>;

/** An item as the catalogue holds it. Times are Unix milliseconds; absent means not set. */
export interface Item {
  readonly item_id: string;
  readonly available: boolean;
  readonly valid_from?: number;
  readonly valid_until?: number;
  readonly price?: number;
  readonly currency?: string;
  readonly stock?: number;
  readonly tags: readonly string[];
  readonly category: readonly string[];
  readonly brand?: string;
  /** Whose item it is, where a shop sells for others. */
  readonly provider_id?: string;
  /** What is left of the price, as its share: -1 to 1. */
  readonly margin?: number;
  /** Somebody pays for its places. */
  readonly sponsored?: boolean;
  readonly title?: string;
  readonly description?: string;
  readonly image_url?: string;
  readonly url?: string;
  readonly locale?: string;
  readonly created_at?: number;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Scores of classifiers, 0 to 1, by label of the policy. */
  readonly labels?: Readonly<Record<string, number>>;
  readonly embedding?: readonly number[];
}

/** One entry of the append-only log of item changes; `item` null means deleted. */
export interface ItemChange {
  /** Position in the log; the catalogue revision after this change. */
  readonly position: number;
  readonly item_id: string;
  readonly item: Item | null;
}

import Type, { type Static } from "typebox";
import { deprecatedField } from "./deprecations.ts";
import { Context } from "./event.ts";
import { ExpressionText } from "./expression/syntax.ts";
import { EntityId, SlugName, Timestamp } from "./ids.ts";
import { AttributeValue, KEY_PATTERN, keyed } from "./item.ts";
import { KnobValues } from "./knobs.ts";

const ItemIds = (maxItems: number) => Type.Array(EntityId, { maxItems });
const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
  maxItems: 100,
});

/** Conditions that every returned item meets. */
export const Constraints = Type.Object(
  {
    all_of: Type.Optional(Tags),
    any_of: Type.Optional(Tags),
    none_of: Type.Optional(Tags),
    min_price: Type.Optional(Type.Number({ minimum: 0 })),
    max_price: Type.Optional(Type.Number({ minimum: 0 })),
    max_age_days: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    max_per_attribute: Type.Optional(
      keyed(
        "^(brand|category|provider_id|attributes[.][a-z][a-z0-9_]{0,63})$",
        Type.Integer({ minimum: 1, maximum: 200 }),
        "most items of a list with the same value: of brand, category (the whole path), provider_id or attributes.<key>",
      ),
    ),
    max_per_brand: Type.Optional(
      Type.Integer({
        minimum: 1,
        ...deprecatedField("constraints.max_per_brand"),
      }),
    ),
    max_per_category: Type.Optional(
      Type.Integer({
        minimum: 1,
        ...deprecatedField("constraints.max_per_category"),
      }),
    ),
    where: Type.Optional(ExpressionText),
  },
  { additionalProperties: false },
);
export type Constraints = Static<typeof Constraints>;

export const RequestUser = Type.Object(
  {
    user_id: Type.Optional(EntityId),
    anonymous_id: Type.Optional(EntityId),
    session_id: Type.Optional(EntityId),
    traits: Type.Optional(keyed(KEY_PATTERN, AttributeValue)),
    recent_item_ids: Type.Optional(ItemIds(200)),
  },
  { additionalProperties: false },
);

const options = Type.Object(
  {
    include_reasons: Type.Optional(Type.Boolean({ default: true })),
    include_items: Type.Optional(Type.Boolean({ default: false })),
    explain: Type.Optional(
      Type.Union([
        Type.Literal("none"),
        Type.Literal("summary"),
        Type.Literal("full"),
      ]),
    ),
    why_not: Type.Optional(
      Type.Array(EntityId, {
        maxItems: 20,
        description: "items to explain the absence of",
      }),
    ),
    include_trace: Type.Optional(Type.Boolean({ default: false })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
    as_of: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
);

const shared = {
  surface: SlugName,
  namespace: Type.Optional(SlugName),
  k: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  segment: Type.Optional(SlugName),
  user: Type.Optional(RequestUser),
  context: Type.Optional(Context),
  candidates: Type.Optional(
    Type.Object(
      {
        include_ids: Type.Optional(ItemIds(5000)),
        exclude_ids: Type.Optional(ItemIds(5000)),
      },
      { additionalProperties: false },
    ),
  ),
  constraints: Type.Optional(Constraints),
  weights: Type.Optional(
    keyed(
      "^[a-z][a-z0-9_-]{0,63}$",
      Type.Number({ minimum: 0, maximum: 100 }),
      "weight by source name; needs recommend:override",
    ),
  ),
  knobs: Type.Optional(KnobValues),
  options: Type.Optional(options),
  exclude_request_ids: Type.Optional(
    Type.Array(Type.String({ format: "uuid" }), { maxItems: 20 }),
  ),
};

/** POST /v1/recommend. */
export const RecommendRequest = Type.Object(
  {
    ...shared,
    anchors: Type.Optional(
      Type.Object(
        { item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 50 }) },
        { additionalProperties: false },
      ),
    ),
    page_token: Type.Optional(Type.String({ maxLength: 200000 })),
  },
  { additionalProperties: false },
);
export type RecommendRequest = Static<typeof RecommendRequest>;

/** POST /v1/similar: the surface defaults to `similar`. */
export const SimilarRequest = Type.Object(
  { ...shared, surface: Type.Optional(SlugName), item_id: EntityId },
  { additionalProperties: false },
);
export type SimilarRequest = Static<typeof SimilarRequest>;

/** POST /v1/rerank: the caller's candidates in a better order; none is added. */
export const RerankRequest = Type.Object(
  {
    ...shared,
    item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 1000 }),
  },
  { additionalProperties: false },
);
export type RerankRequest = Static<typeof RerankRequest>;

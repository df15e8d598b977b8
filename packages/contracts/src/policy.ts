import Type, { type Static } from "typebox";
import { ExpressionText } from "./expression/syntax.ts";
import { EntityId, SlugName } from "./ids.ts";
import { keyed } from "./item.ts";
import { KnobValues } from "./knobs.ts";

const about = {
  owner: Type.String({ minLength: 1, maxLength: 200 }),
  description: Type.String({ minLength: 1, maxLength: 500 }),
};

/** What a list is worth: the weight of each utility term in the score, by its name. */
export const UtilityPolicy = Type.Object(
  {
    ...about,
    terms: keyed(
      "^utility_[a-z_]{1,50}$",
      Type.Number({ minimum: 0, maximum: 100 }),
    ),
  },
  { additionalProperties: false },
);
export type UtilityPolicy = Static<typeof UtilityPolicy>;

/** The least share of each list that the items of one provider, or those that an expression means, get. */
export const Floor = Type.Object(
  {
    name: SlugName,
    provider_id: Type.Optional(EntityId),
    where: Type.Optional(ExpressionText),
    min_share: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
  },
  { additionalProperties: false },
);
export type Floor = Static<typeof Floor>;

/** What one floor did to one list. */
export const FloorReport = Type.Object({
  floor: Type.String(),
  wanted: Type.Integer({ description: "places of this list" }),
  found: Type.Integer({ description: "its items that were in anyway" }),
  lifted: Type.Array(Type.String(), {
    description: "items that are in because of it",
  }),
});
export type FloorReport = Static<typeof FloorReport>;

/** How a list is put together: knobs of the groups that `SLATE_GROUPS` of ranking names, and exposure floors. */
export const SlatePolicy = Type.Object(
  {
    ...about,
    knobs: KnobValues,
    floors: Type.Optional(Type.Array(Floor, { maxItems: 20 })),
  },
  { additionalProperties: false },
);
export type SlatePolicy = Static<typeof SlatePolicy>;

export const UtilityPolicies = Type.Record(SlugName, UtilityPolicy, {
  additionalProperties: false,
});
export const SlatePolicies = Type.Record(SlugName, SlatePolicy, {
  additionalProperties: false,
});

/** A policy that a list was made by; the version is a hash of its content. */
export const AppliedPolicy = Type.Object({
  name: Type.String(),
  version: Type.String(),
});
export type AppliedPolicy = Static<typeof AppliedPolicy>;

/** The policies of the surface of a request, as far as it has any. */
export const AppliedPolicies = Type.Object({
  utility: Type.Union([AppliedPolicy, Type.Null()]),
  slate: Type.Union([AppliedPolicy, Type.Null()]),
});
export type AppliedPolicies = Static<typeof AppliedPolicies>;

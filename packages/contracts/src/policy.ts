import Type, { type Static } from "typebox";
import { SlugName } from "./ids.ts";
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

/** How a list is put together: knobs of the groups that `SLATE_GROUPS` of ranking names. */
export const SlatePolicy = Type.Object(
  { ...about, knobs: KnobValues },
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

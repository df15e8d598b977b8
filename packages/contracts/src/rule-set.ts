import Type, { type Static } from "typebox";
import { ExpressionText } from "./expression/syntax.ts";
import { EntityId, SlugName, Timestamp } from "./ids.ts";

/**
 * What a rule is about: an item matches when it meets every given part: it is
 * one of the ids, has one of the tags, is of the brand, has the category
 * anywhere in its path, and the expression holds for it.
 */
export const RuleTarget = Type.Object(
  {
    item_ids: Type.Optional(
      Type.Array(EntityId, { minItems: 1, maxItems: 10000 }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
    ),
    brand: Type.Optional(Type.String()),
    category: Type.Optional(Type.String()),
    where: Type.Optional(ExpressionText),
  },
  { additionalProperties: false, minProperties: 1 },
);

/**
 * BLOCK removes, PIN places (at `position`, 1 where left out), BOOST and BURY
 * add `amount` to (or take it from) the score (0.5 where left out): a number,
 * or an expression that gives one, which is held within 0 and 10. Of several
 * BOOST and BURY rules for one item the highest priority decides, then the
 * first in the set.
 */
export const Rule = Type.Object(
  {
    id: SlugName,
    action: Type.Union([
      Type.Literal("BLOCK"),
      Type.Literal("PIN"),
      Type.Literal("BOOST"),
      Type.Literal("BURY"),
    ]),
    target: RuleTarget,
    surface: Type.Optional(SlugName),
    segment: Type.Optional(SlugName),
    priority: Type.Integer({ minimum: 0, maximum: 1000 }),
    position: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    amount: Type.Optional(
      Type.Union([Type.Number({ minimum: 0, maximum: 10 }), ExpressionText]),
    ),
    valid_from: Type.Optional(Timestamp),
    valid_until: Type.Optional(Timestamp),
    enabled: Type.Boolean(),
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false },
);
export type Rule = Static<typeof Rule>;

export const RuleSet = Type.Object(
  { rules: Type.Array(Rule, { maxItems: 5000 }) },
  { additionalProperties: false },
);
export type RuleSet = Static<typeof RuleSet>;

/** Fallback lists by surface: what is shown when nothing better can be. */
export const FallbackLists = Type.Object(
  {
    lists: Type.Record(
      SlugName,
      Type.Object(
        {
          item_ids: Type.Array(EntityId, { maxItems: 1000 }),
          owner: Type.String({ minLength: 1, maxLength: 200 }),
          expires_at: Timestamp,
          source: Type.Union([Type.Literal("job"), Type.Literal("manual")]),
        },
        { additionalProperties: false },
      ),
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type FallbackLists = Static<typeof FallbackLists>;

import Type, { type Static } from "typebox";
import { Context } from "./event.ts";
import { ExpressionText } from "./expression/syntax.ts";
import { AttributeValue, KEY_PATTERN, keyed } from "./item.ts";
import { EntityId, SlugName, Timestamp } from "./ids.ts";
import { DecidedLabel } from "./moderation.ts";

const Owner = Type.String({ minLength: 1, maxLength: 200 });
const Sentence = Type.String({ minLength: 1, maxLength: 500 });

/**
 * What a rule is about: an item matches when it meets every given part: it is
 * one of the ids, has one of the tags, is of the brand, has the category
 * anywhere in its path, is on the editorial list, and the expression holds for
 * it.
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
    list: Type.Optional(SlugName),
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
    owner: Owner,
    reason: Sentence,
    campaign: Type.Optional(SlugName),
    intent: Type.Optional(Sentence),
    severity: Type.Optional(
      Type.Union(
        [Type.Literal("low"), Type.Literal("normal"), Type.Literal("critical")],
        { description: "a critical rule needs a test case that covers it" },
      ),
    ),
    success_metric: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type Rule = Static<typeof Rule>;

/** Rules of one purpose: they are in force within its window only, and while it is enabled. */
export const Campaign = Type.Object(
  {
    id: SlugName,
    title: Sentence,
    owner: Owner,
    enabled: Type.Boolean(),
    valid_from: Type.Optional(Timestamp),
    valid_until: Timestamp,
    success_metric: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  { additionalProperties: false },
);
export type Campaign = Static<typeof Campaign>;

/** Items that somebody chose, for rules to name; in order. */
export const EditorialList = Type.Object(
  {
    id: SlugName,
    title: Sentence,
    owner: Owner,
    item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 10000 }),
    expires_at: Timestamp,
  },
  { additionalProperties: false },
);
export type EditorialList = Static<typeof EditorialList>;

/** One item boosted or suppressed by hand until a time. The newest for an item decides, and all come before any rule. */
export const ManualOverride = Type.Object(
  {
    id: SlugName,
    action: Type.Union([Type.Literal("boost"), Type.Literal("suppress")]),
    item_id: EntityId,
    amount: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
    surface: Type.Optional(SlugName),
    author: Owner,
    reason: Sentence,
    created_at: Timestamp,
    expires_at: Timestamp,
  },
  { additionalProperties: false },
);
export type ManualOverride = Static<typeof ManualOverride>;

/** What a list must look like under the rules; runs at every dry run and before rules go live. */
export const RuleCase = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    /** Rules that it covers. */
    covers: Type.Array(SlugName, { maxItems: 100 }),
    request: Type.Object(
      {
        surface: SlugName,
        k: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
        segment: Type.Optional(SlugName),
        context: Type.Optional(Context),
        traits: Type.Optional(keyed(KEY_PATTERN, AttributeValue)),
        /** Newest last. */
        recent_item_ids: Type.Optional(Type.Array(EntityId, { maxItems: 200 })),
        now: Type.Optional(Timestamp),
      },
      { additionalProperties: false },
    ),
    expect: Type.Object(
      {
        present: Type.Optional(Type.Array(EntityId, { maxItems: 200 })),
        absent: Type.Optional(Type.Array(EntityId, { maxItems: 200 })),
        positions: Type.Optional(
          keyed("^.{1,256}$", Type.Integer({ minimum: 1, maximum: 200 })),
        ),
      },
      { additionalProperties: false, minProperties: 1 },
    ),
  },
  { additionalProperties: false },
);
export type RuleCase = Static<typeof RuleCase>;

export const RuleSet = Type.Object(
  {
    rules: Type.Array(Rule, { maxItems: 5000 }),
    campaigns: Type.Optional(Type.Array(Campaign, { maxItems: 500 })),
    lists: Type.Optional(Type.Array(EditorialList, { maxItems: 500 })),
    overrides: Type.Optional(Type.Array(ManualOverride, { maxItems: 5000 })),
    cases: Type.Optional(Type.Array(RuleCase, { maxItems: 500 })),
    /** What moderators decided; written by decisions on reports, not by hand. */
    labels: Type.Optional(Type.Array(DecidedLabel, { maxItems: 50000 })),
  },
  { additionalProperties: false },
);
export type RuleSet = Static<typeof RuleSet>;

/** Items by segment, where those of the surface will not do. */
export const SegmentLists = Type.Record(
  SlugName,
  Type.Array(EntityId, { minItems: 1, maxItems: 1000 }),
  { additionalProperties: false },
);

/** Fallback lists by surface: what is shown when nothing better can be. */
export const FallbackLists = Type.Object(
  {
    lists: Type.Record(
      SlugName,
      Type.Object(
        {
          item_ids: Type.Array(EntityId, { maxItems: 1000 }),
          owner: Owner,
          expires_at: Timestamp,
          source: Type.Union([Type.Literal("job"), Type.Literal("manual")]),
          /** Lists of their own for segments; the others see `item_ids`. */
          segments: Type.Optional(SegmentLists),
        },
        { additionalProperties: false },
      ),
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);
export type FallbackLists = Static<typeof FallbackLists>;

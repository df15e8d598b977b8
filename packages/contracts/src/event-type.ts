import Type, { type Static } from "typebox";

/** What an event of this type is worth to training and to attribution. */
export const EventTypePolicy = Type.Object(
  {
    weight: Type.Number({ minimum: 0, maximum: 1000 }),
    half_life_days: Type.Number({ exclusiveMinimum: 0, maximum: 36500 }),
    sign: Type.Union([Type.Literal("positive"), Type.Literal("negative")]),
    attribution_window_hours: Type.Number({
      exclusiveMinimum: 0,
      maximum: 8760,
    }),
    attribution_rule: Type.Union([
      Type.Literal("last_exposure"),
      Type.Literal("any_exposure"),
    ]),
  },
  { additionalProperties: false },
);
export type EventTypePolicy = Static<typeof EventTypePolicy>;

function policy(
  weight: number,
  sign: "positive" | "negative",
  attributionHours: number,
): EventTypePolicy {
  return {
    weight,
    half_life_days: 60,
    sign,
    attribution_window_hours: attributionHours,
    attribution_rule: "last_exposure",
  };
}

/** What a new namespace starts with. */
export const DEFAULT_EVENT_TYPES: Readonly<Record<string, EventTypePolicy>> = {
  view: policy(1, "positive", 24),
  click: policy(2, "positive", 24),
  add_to_cart: policy(4, "positive", 72),
  purchase: policy(8, "positive", 168),
  // Undoes a purchase; by itself it says nothing of taste.
  return: policy(0, "negative", 2160),
  rating: policy(4, "positive", 168),
  like: policy(4, "positive", 168),
  dislike: policy(4, "negative", 168),
  hide: policy(8, "negative", 168),
};

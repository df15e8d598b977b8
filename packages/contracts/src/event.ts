import Type, { type Static } from "typebox";
import { EntityId, SlugName, Timestamp } from "./ids.ts";
import { AttributeValue, KEY_PATTERN, keyed } from "./item.ts";

export const EventType = Type.String({
  pattern: "^[a-z][a-z0-9_]{0,63}$",
  description:
    "view, click, add_to_cart, purchase, return, rating, like, dislike, hide, or one that the tenant configured",
});

export const Context = keyed(KEY_PATTERN, AttributeValue);

/** Beyond this a number is a mistake, and sums of many would leave what JSON carries. */
const AMOUNT_LIMIT = 1e12;

/** How much it was: of rating, number of pieces, price of one. */
const amounts = {
  value: Type.Optional(
    Type.Number({ minimum: -AMOUNT_LIMIT, maximum: AMOUNT_LIMIT }),
  ),
  quantity: Type.Optional(
    Type.Number({ exclusiveMinimum: 0, maximum: AMOUNT_LIMIT }),
  ),
  price: Type.Optional(Type.Number({ minimum: 0, maximum: AMOUNT_LIMIT })),
};

/** Who acted; one of the three is needed, and a user_id wins. */
const subject = {
  user_id: Type.Optional(EntityId),
  anonymous_id: Type.Optional(EntityId),
  session_id: Type.Optional(EntityId),
};

/** One row of POST /v1/events. */
export const EventInput = Type.Object(
  {
    event_id: Type.Optional(EntityId),
    ...subject,
    type: EventType,
    item_id: EntityId,
    ...amounts,
    currency: Type.Optional(Type.String({ pattern: "^[A-Z]{3}$" })),
    order_id: Type.Optional(EntityId),
    ts: Type.Optional(Timestamp),
    request_id: Type.Optional(Type.String({ format: "uuid" })),
    position: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })),
    surface: Type.Optional(SlugName),
    context: Type.Optional(Context),
    client: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "name and version of the sender",
      }),
    ),
    canary: Type.Optional(
      Type.Boolean({
        description: "runs the whole path and is counted, but never trained on",
      }),
    ),
  },
  { additionalProperties: false },
);
export type EventInput = Static<typeof EventInput>;

/** One row of POST /v1/exposures: what a person really saw of a slate. */
export const ExposureInput = Type.Object(
  {
    request_id: Type.String({ format: "uuid" }),
    item_ids: Type.Array(EntityId, { minItems: 1, maxItems: 500 }),
    ...subject,
    ts: Type.Optional(Timestamp),
    exposure_id: Type.Optional(EntityId),
  },
  { additionalProperties: false },
);
export type ExposureInput = Static<typeof ExposureInput>;

/** One row of POST /v1/outcomes: what followed from a slate. */
export const OutcomeInput = Type.Object(
  {
    outcome_id: Type.Optional(EntityId),
    request_id: Type.String({ format: "uuid" }),
    item_id: EntityId,
    type: EventType,
    ...subject,
    ...amounts,
    order_id: Type.Optional(EntityId),
    ts: Type.Optional(Timestamp),
  },
  { additionalProperties: false },
);
export type OutcomeInput = Static<typeof OutcomeInput>;

/** What became of one row of a batch, in the order of the batch. */
export const RowResult = Type.Object({
  row: Type.Integer({ description: "0-based position in the batch" }),
  status: Type.Union([
    Type.Literal("accepted"),
    Type.Literal("duplicate"),
    Type.Literal("rejected"),
  ]),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        path: Type.String(),
        code: Type.String(),
        message: Type.String(),
      }),
    ),
  ),
  warnings: Type.Optional(Type.Array(Type.String())),
});
export type RowResult = Static<typeof RowResult>;

/** Answer of every batch route. 200 when at least the envelope was readable; rows speak for themselves. */
export const BatchResult = Type.Object({
  request_id: Type.String(),
  accepted: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
  results: Type.Array(RowResult),
});
export type BatchResult = Static<typeof BatchResult>;

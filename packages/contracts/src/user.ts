import Type, { type Static } from "typebox";
import { EntityId } from "./ids.ts";
import { AttributeValue, KEY_PATTERN, clearable, keyed } from "./item.ts";

/** One row of POST /v1/users: an upsert with the rules of items. */
export const UserInput = Type.Object(
  {
    user_id: EntityId,
    traits: Type.Optional(
      keyed(KEY_PATTERN, Type.Union([AttributeValue, Type.Null()])),
    ),
    locale: clearable(Type.String({ maxLength: 35 })),
    consent: Type.Optional(
      Type.Union([Type.Literal("granted"), Type.Literal("denied")], {
        description: "denied: no personal signals are used for this user",
      }),
    ),
  },
  { additionalProperties: false },
);
export type UserInput = Static<typeof UserInput>;

/** POST /v1/users/merge: everything the anonymous user did becomes the known one's. */
export const UserMerge = Type.Object(
  { anonymous_id: EntityId, user_id: EntityId },
  { additionalProperties: false },
);
export type UserMerge = Static<typeof UserMerge>;

/** One past interaction, as ranking sees it. */
export interface UserEvent {
  readonly item_id: string;
  readonly type: string;
  /** Unix milliseconds. */
  readonly ts: number;
  /** Rating or other amount where the event had one. */
  readonly value?: number;
  /** Of returns, and of purchases that one of these undoes. */
  readonly order_id?: string;
}

/** A list that the person was shown. */
export interface ShownList {
  readonly request_id: string;
  /** Unix milliseconds. */
  readonly ts: number;
  readonly item_ids: readonly string[];
}

/**
 * What ranking knows of a user: the newest events first. The same object,
 * taken from a decision record, reproduces the list.
 */
export interface UserState {
  readonly events: readonly UserEvent[];
  readonly traits: Readonly<Record<string, AttributeValue>>;
  readonly consent: "granted" | "denied" | "unknown";
  /** Unit of experiment assignment: the first identity seen, kept through merges. */
  readonly bucket_key: string;
  /** Lists shown in the last 30 days, newest first; absent where nothing asks for them. */
  readonly impressions?: readonly ShownList[];
  /** Language of the person, where one is stored. */
  readonly locale?: string;
}

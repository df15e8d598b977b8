import Type, { type Static } from "typebox";
import { EntityId, SlugName, Timestamp } from "./ids.ts";
import { KEY_PATTERN, keyed } from "./item.ts";

const Owner = Type.String({ minLength: 1, maxLength: 200 });
const Sentence = Type.String({ minLength: 1, maxLength: 500 });
/** From this score on an item is kept out; a label that a moderator upheld counts as 1. */
const Threshold = Type.Number({ exclusiveMinimum: 0, maximum: 1 });

/** One label of the policy taxonomy. */
export const PolicyLabel = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Sentence,
    owner: Owner,
    threshold: Threshold,
    surfaces: Type.Optional(
      Type.Record(SlugName, Threshold, { additionalProperties: false }),
    ),
    age_groups: Type.Optional(
      keyed("^.{1,64}$", Threshold, "by value of the trait `age_trait`"),
    ),
  },
  { additionalProperties: false },
);
export type PolicyLabel = Static<typeof PolicyLabel>;

/** What may not be shown, where and to whom: the taxonomy that scores and decisions of moderators refer to. */
export const PolicyLabels = Type.Object(
  {
    /** Declared trait that holds a person's age group; who has none is met with the strictest threshold. */
    age_trait: Type.Optional(Type.String({ pattern: KEY_PATTERN })),
    labels: keyed(KEY_PATTERN, PolicyLabel),
  },
  { additionalProperties: false },
);
export interface PolicyLabels {
  readonly age_trait?: string;
  readonly labels: Readonly<Record<string, PolicyLabel>>;
}

export const LabelName = Type.String({ pattern: KEY_PATTERN });

/** A label that a moderator upheld; lives among the rules and keeps the item out until it expires. */
export const DecidedLabel = Type.Object(
  {
    id: SlugName,
    item_id: EntityId,
    label: LabelName,
    task_id: Type.String({ format: "uuid" }),
    decided_by: Owner,
    reason: Sentence,
    decided_at: Timestamp,
    expires_at: Timestamp,
  },
  { additionalProperties: false },
);
export type DecidedLabel = Static<typeof DecidedLabel>;

/** POST /v1/reports: somebody says that an item breaks the policy. */
export const ItemReport = Type.Object(
  {
    item_id: EntityId,
    label: LabelName,
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    request_id: Type.Optional(Type.String({ format: "uuid" })),
  },
  { additionalProperties: false },
);
export type ItemReport = Static<typeof ItemReport>;

/** How far a moderation task is. */
export const TASK_STATES = [
  "open",
  "upheld",
  "rejected",
  "appealed",
  "finally_upheld",
  "finally_rejected",
] as const;
export type TaskState = (typeof TASK_STATES)[number];
export type TaskStep = "uphold" | "reject" | "appeal";

/** Where a task goes by each step; null: the step is refused. Every decision may be appealed once. */
export const TASK_MOVES: Readonly<
  Record<TaskState, Readonly<Record<TaskStep, TaskState | null>>>
> = {
  open: { uphold: "upheld", reject: "rejected", appeal: null },
  upheld: { uphold: null, reject: null, appeal: "appealed" },
  rejected: { uphold: null, reject: null, appeal: "appealed" },
  appealed: {
    uphold: "finally_upheld",
    reject: "finally_rejected",
    appeal: null,
  },
  finally_upheld: { uphold: null, reject: null, appeal: null },
  finally_rejected: { uphold: null, reject: null, appeal: null },
};

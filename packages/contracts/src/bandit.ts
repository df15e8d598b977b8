import Type, { type Static } from "typebox";
import { ExpressionText } from "./expression/syntax.ts";
import { SlugName } from "./ids.ts";
import { KEY_PATTERN, keyed } from "./item.ts";
import { KnobValues } from "./knobs.ts";

/** Ways to choose between arms; each is one file in `ranking/src/bandits/`. */
export const BANDIT_KINDS = ["thompson", "ucb", "linucb", "uniform"] as const;
export type BanditKind = (typeof BANDIT_KINDS)[number];

/** A number that LinUCB knows of the request: a condition (1 or 0), or a value that is held within −1 and 1. */
export const BanditFeature = Type.Union([
  Type.Object(
    { name: SlugName, when: ExpressionText },
    { additionalProperties: false },
  ),
  Type.Object(
    { name: SlugName, value: ExpressionText },
    { additionalProperties: false },
  ),
]);
export type BanditFeature = Static<typeof BanditFeature>;

/** How trials are counted and for how long a draw is kept. */
const learning = {
  reward: keyed(
    KEY_PATTERN,
    Type.Number({ minimum: 0, maximum: 1 }),
    "what an outcome of this type is worth; of several of one decision the largest counts",
  ),
  window_hours: Type.Number({
    exclusiveMinimum: 0,
    maximum: 2160,
    description:
      "time after the decision within which an outcome counts; a decision is counted when it is over",
  }),
  exposure: Type.Union([Type.Literal("confirmed"), Type.Literal("assumed")], {
    description:
      "confirmed: only what an exposure says was seen is a trial; assumed: the surface confirms none, and all that was answered is",
  }),
  sticky: Type.Union(
    [Type.Literal("request"), Type.Literal("session"), Type.Literal("user")],
    {
      description:
        "who keeps a draw for a period; a session without id falls back to the user, nobody in particular to the request",
    },
  ),
  period_hours: Type.Number({ minimum: 0.01, maximum: 8760 }),
  features: Type.Optional(Type.Array(BanditFeature, { maxItems: 15 })),
};

/** A choice between bundles of knobs that learns from what follows. */
export const Bandit = Type.Object(
  {
    id: SlugName,
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    surface: SlugName,
    segment: Type.Optional(SlugName),
    kind: Type.Union([
      Type.Literal("thompson"),
      Type.Literal("ucb"),
      Type.Literal("linucb"),
      Type.Literal("uniform"),
    ]),
    arms: Type.Array(
      Type.Object(
        { name: SlugName, knobs: KnobValues },
        { additionalProperties: false },
      ),
      { minItems: 2, maxItems: 20 },
    ),
    epsilon: Type.Number({
      minimum: 0,
      maximum: 1,
      description: "share of choices that are uniform over the arms",
    }),
    ...learning,
  },
  { additionalProperties: false },
);
export type Bandit = Static<typeof Bandit>;

/** How exploration slots learn; which and how many there are, knobs say. */
export const ExplorationPolicy = Type.Object(learning, {
  additionalProperties: false,
});
export type ExplorationPolicy = Static<typeof ExplorationPolicy>;

/** What a new namespace starts with. */
export const DEFAULT_EXPLORATION: ExplorationPolicy = {
  reward: { click: 0.2, add_to_cart: 0.5, purchase: 1 },
  window_hours: 24,
  exposure: "assumed",
  sticky: "session",
  period_hours: 24,
};

/** Under which name the trials of a surface's exploration slots are kept. No bandit has a colon in its id. */
export function slotBandit(surface: string): string {
  return `slots:${surface}`;
}

/** How a probability was found: `exact` from a formula or a rule, else by numerical quadrature or by seeded draws. */
export type ChanceMethod = "exact" | "quadrature" | "draws";

/** How one exploratory choice was made, as the decision record keeps it. */
export interface Exploration {
  readonly policy: BanditKind;
  /** Number of arms that might have been chosen. */
  readonly eligible: number;
  readonly epsilon: number;
  readonly method: ChanceMethod;
  /** Number of draws, for that method. */
  readonly draws?: number;
  /** Values of the features, after the constant 1; for LinUCB. */
  readonly context?: readonly number[];
}

/** Which bundle of knobs a bandit chose. */
export interface BanditChoice extends Exploration {
  readonly id: string;
  readonly arm: string;
  readonly propensity: number;
}

/** What is known of an arm: the trials that were counted and the sum of their rewards. */
export interface ArmStats {
  readonly arm: string;
  readonly trials: number;
  readonly reward: number;
  /** Of LinUCB: sums of x xᵀ, row by row, and of reward × x. */
  readonly a?: readonly number[];
  readonly b?: readonly number[];
}

/** Everything that was learned by bandits and slots of a namespace, at one version; 0: nothing yet. */
export interface Posteriors {
  readonly version: number;
  readonly arms: readonly (ArmStats & { readonly bandit: string })[];
}

export const NO_POSTERIORS: Posteriors = { version: 0, arms: [] };

import Type, { type Static } from "typebox";
import { AppliedPolicies, FloorReport } from "./policy.ts";

/** Why an item is in the list, for people (`text`) and for machines. */
export const Reason = Type.Object({
  code: Type.String(),
  text: Type.String(),
  source: Type.Optional(Type.String()),
  anchor_item_id: Type.Optional(Type.String()),
  rule_id: Type.Optional(Type.String()),
});
export type Reason = Static<typeof Reason>;

/** Parts that sum to the score. */
export const ScorePart = Type.Object({
  part: Type.String({ description: "source, term or rule" }),
  raw: Type.Number({ description: "calibrated signal or value, 0 to 1" }),
  weight: Type.Number(),
  contribution: Type.Number(),
});
export type ScorePart = Static<typeof ScorePart>;

export const RankedItem = Type.Object({
  item_id: Type.String(),
  rank: Type.Integer(),
  score: Type.Number(),
  sponsored: Type.Optional(
    Type.Literal(true, {
      description: "somebody pays for its places: say so where it is shown",
    }),
  ),
  reasons: Type.Optional(Type.Array(Reason)),
  explain: Type.Optional(Type.Array(ScorePart)),
  item: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type RankedItem = Static<typeof RankedItem>;

export const Degradation = Type.Object({
  part: Type.String(),
  reason: Type.String(),
});
export type Degradation = Static<typeof Degradation>;

export const Warning = Type.Object({
  code: Type.String(),
  detail: Type.String(),
});
export type Warning = Static<typeof Warning>;

/** For one item: the stage that removed it and why, or where it ended up. */
export const WhyNot = Type.Object({
  item_id: Type.String(),
  stage: Type.String(),
  reason: Type.String(),
  text: Type.String(),
  offered: Type.Boolean({
    description: "whether it was a candidate, which the counts of stages count",
  }),
  cause: Type.Optional(
    Type.String({ description: "the rule, cap or label that decided" }),
  ),
  rank: Type.Optional(Type.Integer()),
  score: Type.Optional(Type.Number()),
  missed_by: Type.Optional(
    Type.Number({
      description: "score of the last item of the list, less its own",
    }),
  ),
  removed_before: Type.Optional(
    Type.Object(
      { stage: Type.String(), reason: Type.String() },
      { description: "what had taken it out before backfill brought it back" },
    ),
  ),
});
export type WhyNot = Static<typeof WhyNot>;

export const StageReport = Type.Object({
  stage: Type.String(),
  in: Type.Integer(),
  out: Type.Integer(),
  removed: Type.Record(Type.String(), Type.Integer(), {
    description: "number of removed candidates by reason",
  }),
});
export type StageReport = Static<typeof StageReport>;

/** What one rule did in one request. */
export const RuleEffect = Type.Object({
  id: Type.String(),
  applied: Type.Integer({
    description: "candidates that it removed, moved or placed",
  }),
  listed: Type.Integer({ description: "of these, how many are in the list" }),
});
export type RuleEffect = Static<typeof RuleEffect>;

export const ResponseMeta = Type.Object({
  request_id: Type.String(),
  tenant: Type.String(),
  namespace: Type.String(),
  surface: Type.String(),
  segment: Type.Union([Type.String(), Type.Null()]),
  algo_version: Type.String(),
  config_version: Type.String(),
  rules_version: Type.String(),
  manifest_version: Type.Union([Type.String(), Type.Null()]),
  models: Type.Record(Type.String(), Type.String(), {
    description: "artifact hash by signal kind",
  }),
  policies: AppliedPolicies,
  floors: Type.Optional(Type.Array(FloorReport)),
  experiments: Type.Array(
    Type.Object({ id: Type.String(), variant: Type.String() }),
  ),
  bandits: Type.Optional(
    Type.Array(
      Type.Object({
        id: Type.String(),
        arm: Type.String(),
        propensity: Type.Number({
          description: "probability with which this arm was drawn",
        }),
        method: Type.String({
          description: "exact, quadrature or draws: how it was computed",
        }),
      }),
      { description: "bundles of knobs that bandits drew for this request" },
    ),
  ),
  timings_ms: Type.Record(Type.String(), Type.Number()),
  counts: Type.Record(Type.String(), Type.Integer()),
  diversity: Type.Object({
    intra_list_similarity: Type.Union([Type.Number(), Type.Null()]),
    distinct_brands: Type.Integer(),
    distinct_categories: Type.Integer(),
    calibration_kl: Type.Union([Type.Number(), Type.Null()], {
      description:
        "how far the categories of the list are from the user's taste: Kullback-Leibler divergence in nats, 0 where they fit",
    }),
  }),
  degraded: Type.Array(Degradation),
  logged: Type.Boolean(),
});
export type ResponseMeta = Static<typeof ResponseMeta>;

export const RecommendResponse = Type.Object({
  items: Type.Array(RankedItem),
  meta: ResponseMeta,
  warnings: Type.Array(Warning),
  why_not: Type.Optional(Type.Array(WhyNot)),
  trace: Type.Optional(Type.Array(StageReport)),
  rules: Type.Optional(Type.Array(RuleEffect)),
  knobs: Type.Optional(
    Type.Array(
      Type.Object({
        name: Type.String(),
        value: Type.Union([Type.Number(), Type.Boolean(), Type.String()]),
        layer: Type.String(),
      }),
      { description: "every knob in force and its layer, with include_trace" },
    ),
  ),
  next_page_token: Type.Optional(Type.String()),
});
export type RecommendResponse = Static<typeof RecommendResponse>;

import Type, { type Static } from "typebox";

const Metric = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "as in the report, such as ndcg@20 or catalogue_coverage@20",
});

const Margin = Type.Number({ minimum: 0 });

/** `relative` margins are shares of the baseline's mean. */
const MarginUnit = Type.Union([
  Type.Literal("absolute"),
  Type.Literal("relative"),
]);

/** A metric that must stay good enough, on its own or against the baseline. */
export const Guardrail = Type.Union([
  Type.Object(
    { metric: Metric, at_least: Type.Number() },
    { additionalProperties: false },
  ),
  Type.Object(
    { metric: Metric, at_most: Type.Number() },
    { additionalProperties: false },
  ),
  Type.Object(
    { metric: Metric, non_inferiority_margin: Margin, unit: MarginUnit },
    { additionalProperties: false },
  ),
]);
export type Guardrail = Static<typeof Guardrail>;

/** What an evaluation must show before its candidate may go live without a person. */
export const GateThresholds = Type.Object(
  {
    min_users: Type.Integer({ minimum: 1 }),
    primary: Type.Object(
      {
        metric: Metric,
        non_inferiority_margin: Margin,
        unit: MarginUnit,
        requires: Type.Union([
          Type.Literal("non-inferior"),
          Type.Literal("better"),
        ]),
      },
      { additionalProperties: false },
    ),
    guardrails: Type.Array(Guardrail, { maxItems: 50 }),
    without_baseline: Type.Union([Type.Literal("ship"), Type.Literal("hold")], {
      description: "when nothing is live yet to compare with",
    }),
  },
  { additionalProperties: false },
);
export type GateThresholds = Static<typeof GateThresholds>;

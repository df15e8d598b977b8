import Type, { type Static } from "typebox";

/** A value that could not be computed says why; it is never a made-up neutral number. */
export const NotComputable = Type.Object(
  { kind: Type.Literal("not-computable"), because: Type.String() },
  { additionalProperties: false },
);
export type NotComputable = Static<typeof NotComputable>;

export const ComputedNumber = Type.Union([
  Type.Object(
    { kind: Type.Literal("number"), value: Type.Number() },
    { additionalProperties: false },
  ),
  NotComputable,
]);
export type ComputedNumber = Static<typeof ComputedNumber>;

export const ComputedInterval = Type.Union([
  Type.Object(
    {
      kind: Type.Literal("interval"),
      low: Type.Number(),
      high: Type.Number(),
    },
    { additionalProperties: false },
  ),
  NotComputable,
]);
export type ComputedInterval = Static<typeof ComputedInterval>;

const Better = Type.Union([Type.Literal("higher"), Type.Literal("lower")]);

/** `name` as it was asked (`ndcg@10`), `metric` as the registry calls it (`ndcg_binary`); k null: the whole list. */
const metricIdentity = {
  name: Type.String(),
  metric: Type.String(),
  k: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  better: Better,
};

/** Mean of a metric over users, with its uncertainty. */
export const MetricEstimate = Type.Object(
  {
    ...metricIdentity,
    users: Type.Integer({ description: "users in the mean" }),
    skipped: Type.Integer({ description: "users it is not defined for" }),
    mean: ComputedNumber,
    standard_error: ComputedNumber,
    interval: ComputedInterval,
  },
  { additionalProperties: false },
);
export type MetricEstimate = Static<typeof MetricEstimate>;

/** A property of all lists together: counted, not sampled, so it has no interval. */
export const ExposureValue = Type.Object(
  { ...metricIdentity, value: ComputedNumber },
  { additionalProperties: false },
);
export type ExposureValue = Static<typeof ExposureValue>;

/** `of: users` takes part of the users; `of: items` keeps all users and takes part of what they wanted. */
export const SliceEstimates = Type.Object(
  {
    of: Type.Union([Type.Literal("users"), Type.Literal("items")]),
    key: Type.String(),
    value: Type.String(),
    metrics: Type.Array(MetricEstimate),
  },
  { additionalProperties: false },
);
export type SliceEstimates = Static<typeof SliceEstimates>;

/** Candidate minus baseline on the same users. */
export const MetricDifference = Type.Object(
  {
    ...metricIdentity,
    users: Type.Integer(),
    candidate_mean: ComputedNumber,
    baseline_mean: ComputedNumber,
    difference: ComputedNumber,
    standard_error: ComputedNumber,
    interval: ComputedInterval,
    relative: ComputedNumber,
  },
  { additionalProperties: false },
);
export type MetricDifference = Static<typeof MetricDifference>;

export const RunComparison = Type.Object(
  {
    users_paired: Type.Integer(),
    users_only_candidate: Type.Integer(),
    users_only_baseline: Type.Integer(),
    differences: Type.Array(MetricDifference),
    exposure: Type.Array(
      Type.Object(
        {
          ...metricIdentity,
          candidate: ComputedNumber,
          baseline: ComputedNumber,
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type RunComparison = Static<typeof RunComparison>;

export const QualityCheck = Type.Object(
  {
    name: Type.String(),
    outcome: Type.Union([
      Type.Literal("pass"),
      Type.Literal("warn"),
      Type.Literal("fail"),
    ]),
    count: Type.Integer({ description: "offending rows" }),
    detail: Type.String(),
  },
  { additionalProperties: false },
);
export type QualityCheck = Static<typeof QualityCheck>;

export const GateReason = Type.Object(
  {
    part: Type.Union([
      Type.Literal("quality"),
      Type.Literal("users"),
      Type.Literal("guardrail"),
      Type.Literal("primary"),
    ]),
    outcome: Type.Union([
      Type.Literal("pass"),
      Type.Literal("hold"),
      Type.Literal("fail"),
    ]),
    subject: Type.String(),
    because: Type.String(),
  },
  { additionalProperties: false },
);
export type GateReason = Static<typeof GateReason>;

/** Exit codes of the command line: 0 ship, 2 hold, 3 fail; 1 is an error, which never gets this far. */
export const GateDecision = Type.Object(
  {
    decision: Type.Union([
      Type.Literal("ship"),
      Type.Literal("hold"),
      Type.Literal("fail"),
    ]),
    exit_code: Type.Union([Type.Literal(0), Type.Literal(2), Type.Literal(3)]),
    reasons: Type.Array(GateReason),
  },
  { additionalProperties: false },
);
export type GateDecision = Static<typeof GateDecision>;

/** One offline evaluation: what was measured on which split, against what, and what follows. */
export const OfflineReport = Type.Object(
  {
    schema_version: Type.Literal(1),
    kind: Type.Literal("offline"),
    title: Type.String(),
    created_at: Type.Number({ description: "Unix milliseconds" }),
    candidate: Type.String(),
    baseline: Type.Union([Type.String(), Type.Null()]),
    facts: Type.Record(
      Type.String(),
      Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
      { description: "split, windows, versions: what one needs to repeat it" },
    ),
    bootstrap: Type.Object(
      {
        resamples: Type.Integer({ minimum: 0 }),
        seed: Type.Integer({ minimum: 0, maximum: 4294967295 }),
        confidence: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
      },
      { additionalProperties: false },
    ),
    quality: Type.Array(QualityCheck),
    users: Type.Object(
      { scored: Type.Integer(), skipped: Type.Integer() },
      { additionalProperties: false },
    ),
    metrics: Type.Array(MetricEstimate),
    exposure: Type.Array(ExposureValue),
    slices: Type.Array(SliceEstimates),
    comparison: Type.Union([RunComparison, Type.Null()]),
    decision: Type.Union([GateDecision, Type.Null()]),
  },
  { additionalProperties: false },
);
export type OfflineReport = Static<typeof OfflineReport>;

import {
  ApiError,
  GateThresholds,
  SIGNAL_NAMES,
  keyed,
  validator,
  type FieldError,
} from "@recsys/contracts";
import Type, { type Static } from "typebox";

const Count = Type.Integer({ minimum: 1 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const closed = { additionalProperties: false } as const;

/** All that steers a pipeline run besides the tenant's configuration; versioned by its hash. */
export const PipelineParameters = Type.Object(
  {
    schema_version: Type.Literal(1),
    interactions: Type.Object(
      {
        quantity: Type.Union([Type.Literal("ignore"), Type.Literal("log")]),
        session_gap_minutes: Type.Number({ minimum: 0 }),
        window_days: Type.Number({ exclusiveMinimum: 0 }),
      },
      closed,
    ),
    signals: keyed(
      `^(${SIGNAL_NAMES.join("|")})$`,
      Type.Record(Type.String(), Type.Number()),
      "by signal: parameters that differ from the defaults",
    ),
    quality: Type.Object(
      {
        max_unknown_item_share: Share,
        max_unknown_type_share: Share,
        max_duplicate_share: Share,
        max_future_share: Share,
        max_volume_drop: Type.Number({
          minimum: 0,
          maximum: 1,
          description:
            "hard limit on the share of rows lost since the live manifest",
        }),
      },
      closed,
    ),
    fallback: Type.Object(
      {
        length: Count,
        min_length: Count,
        ttl_hours: Type.Number({ exclusiveMinimum: 0 }),
        owner: Type.String({ minLength: 1 }),
      },
      closed,
    ),
    evaluation: Type.Object(
      {
        test_days: Type.Number({ exclusiveMinimum: 0 }),
        max_users: Count,
        k: Count,
        surface: Type.String(),
        metrics: Type.Array(Type.String(), { minItems: 1 }),
        resamples: Type.Integer({ minimum: 0 }),
        seed: Type.Integer({ minimum: 0, maximum: 4294967295 }),
        thresholds: GateThresholds,
      },
      closed,
    ),
    limits: Type.Object(
      { events: Count, users: Count, items: Count, artifact_bytes: Count },
      closed,
    ),
  },
  closed,
);
export type PipelineParameters = Static<typeof PipelineParameters>;

/** A parameter document with some sections given and the rest as by default. */
export type ParameterOverrides = {
  readonly [Section in keyof PipelineParameters]?: Partial<
    PipelineParameters[Section]
  >;
};

export const DEFAULT_PARAMETERS: PipelineParameters = {
  schema_version: 1,
  interactions: {
    quantity: "log",
    session_gap_minutes: 30,
    window_days: 730,
  },
  signals: {},
  quality: {
    max_unknown_item_share: 0.2,
    max_unknown_type_share: 0.5,
    max_duplicate_share: 0.2,
    max_future_share: 0.05,
    max_volume_drop: 0.5,
  },
  fallback: {
    length: 100,
    min_length: 5,
    ttl_hours: 168,
    owner: "recommendations",
  },
  evaluation: {
    test_days: 14,
    max_users: 500,
    k: 20,
    surface: "home",
    metrics: [
      "ndcg@20",
      "recall@20",
      "hit@10",
      "mrr@20",
      "catalogue_coverage@20",
      "long_tail_share@20",
    ],
    resamples: 500,
    seed: 20261121,
    thresholds: {
      min_users: 30,
      primary: {
        metric: "ndcg@20",
        non_inferiority_margin: 0.1,
        unit: "relative",
        requires: "non-inferior",
      },
      guardrails: [
        {
          metric: "catalogue_coverage@20",
          non_inferiority_margin: 0.3,
          unit: "relative",
        },
      ],
      without_baseline: "ship",
    },
  },
  limits: {
    events: 20_000_000,
    users: 2_000_000,
    items: 500_000,
    artifact_bytes: 2_147_483_648,
  },
};

const check = validator(PipelineParameters);

/** The defaults with `overrides` on top, section by section. Throws INVALID_REQUEST that lists every unacceptable field. */
export function resolvePipelineParameters(
  overrides: ParameterOverrides = {},
): PipelineParameters {
  const known = DEFAULT_PARAMETERS as unknown as Readonly<
    Record<string, object>
  >;
  const merged: Record<string, unknown> = { ...DEFAULT_PARAMETERS };
  for (const [section, value] of Object.entries(overrides)) {
    const before = known[section];
    merged[section] =
      typeof before === "object" && typeof value === "object"
        ? { ...before, ...value }
        : value;
  }
  const errors: readonly FieldError[] = check(merged);
  if (errors.length > 0) {
    const list = errors.map((error) => `${error.path} ${error.message}`);
    throw new ApiError("INVALID_REQUEST", {
      detail: `the pipeline parameters are not acceptable: ${list.join("; ")}`,
      errors,
    });
  }
  return merged as PipelineParameters;
}

import {
  ApiError,
  PipelineParameters,
  validator,
  type FieldError,
} from "@recsys/contracts";

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
    // The same recipe loses half of its worth from one run to the next only when the data broke.
    live_report: { max_drop: 0.5, undecided: "pass" },
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

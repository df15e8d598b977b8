import Type, { type Static } from "typebox";
import { GateThresholds } from "./gate-thresholds.ts";
import { keyed } from "./item.ts";
import { SIGNAL_NAMES } from "./signals.ts";

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
        live_report: Type.Object(
          {
            max_drop: Type.Number({
              minimum: 0,
              maximum: 1,
              description:
                "tolerated loss of the primary metric, a share of its mean in the report of the live manifest",
            }),
            undecided: Type.Union([Type.Literal("pass"), Type.Literal("hold")]),
          },
          closed,
        ),
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

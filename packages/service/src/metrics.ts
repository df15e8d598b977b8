import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** Everything that the service measures, by name. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<"route" | "status">;
  readonly seconds: Histogram<"route">;
  readonly lists: Counter<"tenant" | "surface" | "result">;
  readonly degraded: Counter<"part">;
  readonly rows: Counter<"noun" | "result">;
  readonly withoutId: Counter;
  readonly late: Counter;
  readonly deprecatedUses: Counter<"tenant" | "key">;
  readonly decisions: Counter<"result">;
  readonly stateReads: Counter<"result">;
  readonly snapshotSwaps: Counter<"result">;
  /** A label with at most `LABEL_LIMIT` values; later ones are `other`. */
  readonly bounded: (
    kind: "tenant" | "surface" | "key",
    value: string,
  ) => string;
}

const LABEL_LIMIT = 200;

/** Gauges that are read when somebody asks. */
export interface MetricReadings {
  readonly spoolBytes: () => number;
  readonly rejectedBytes: () => number;
  readonly heldSegments: () => number;
  readonly stateBytes: () => number;
  readonly snapshots: () => readonly SnapshotReading[];
}

/** What is measured of one snapshot. */
interface SnapshotReading {
  readonly tenant: string;
  readonly namespace: string;
  readonly seconds: number;
  readonly alerts: number;
  readonly unreadable: number;
}

/** The metrics of one service. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  return {
    registry,
    seconds: new Histogram({
      name: "recsys_http_request_seconds",
      help: "Time from the head of the request to the answer.",
      labelNames: ["route"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers: [registry],
    }),
    ...counters(registry),
    bounded: boundedLabels(),
  };
}

const COUNTERS = {
  requests: {
    name: "recsys_http_requests_total",
    help: "Answers by route.",
    labelNames: ["route", "status"],
  },
  lists: {
    name: "recsys_lists_total",
    help: "Lists by surface and outcome.",
    labelNames: ["tenant", "surface", "result"],
  },
  degraded: {
    name: "recsys_degraded_total",
    help: "Answers in which a part failed or was missing.",
    labelNames: ["part"],
  },
  rows: {
    name: "recsys_ingest_rows_total",
    help: "Rows of batches by result.",
    labelNames: ["noun", "result"],
  },
  withoutId: {
    name: "recsys_ingest_rows_without_id_total",
    help: "Events without event_id: a repeated sending counts twice.",
    labelNames: [],
  },
  late: {
    name: "recsys_ingest_late_rows_total",
    help: "Events that came late.",
    labelNames: [],
  },
  deprecatedUses: {
    name: "recsys_deprecated_uses_total",
    help: "Uses of deprecated attributes and traits.",
    labelNames: ["tenant", "key"],
  },
  decisions: {
    name: "recsys_decisions_total",
    help: "Decisions by fate.",
    labelNames: ["result"],
  },
  stateReads: {
    name: "recsys_user_state_reads_total",
    help: "User states by where they came from.",
    labelNames: ["result"],
  },
  snapshotSwaps: {
    name: "recsys_snapshot_swaps_total",
    help: "Attempts to serve newer versions.",
    labelNames: ["result"],
  },
} as const;

type Counters = Omit<Metrics, "registry" | "seconds" | "bounded">;

function counters(registry: Registry): Counters {
  const made = Object.entries(COUNTERS).map(
    ([key, { labelNames, ...words }]) => {
      const options = { ...words, labelNames: [...labelNames] };
      return [key, new Counter({ ...options, registers: [registry] })];
    },
  );
  return Object.fromEntries(made) as Counters;
}

function boundedLabels(): Metrics["bounded"] {
  const seen = new Map<string, Set<string>>();
  return (kind, value) => {
    const values = seen.get(kind) ?? new Set<string>();
    seen.set(kind, values);
    if (values.has(value)) return value;
    if (values.size >= LABEL_LIMIT) return "other";
    values.add(value);
    return value;
  };
}

/** Adds the gauges that are read from the parts of the service. */
export function registerReadings(
  metrics: Metrics,
  readings: MetricReadings,
): void {
  const registers = [metrics.registry];
  for (const { name, help, read } of [
    {
      name: "recsys_decision_log_pending_bytes",
      help: "Decisions on disk that are not shipped yet.",
      read: readings.spoolBytes,
    },
    {
      name: "recsys_decision_log_rejected_bytes",
      help: "What can never be shipped and was set aside in spool/rejected.ndjson.",
      read: readings.rejectedBytes,
    },
    {
      name: "recsys_decision_log_held_segments",
      help: "Segments of decisions that cannot be read or removed; each is tried again.",
      read: readings.heldSegments,
    },
    {
      name: "recsys_user_state_bytes",
      help: "Memory of user states.",
      read: readings.stateBytes,
    },
  ]) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }
  registerSnapshotReadings(metrics, readings.snapshots);
}

const SNAPSHOT_GAUGES = [
  {
    name: "recsys_snapshot_age_seconds",
    help: "Time since the snapshot was last known to be current.",
    field: "seconds",
  },
  {
    name: "recsys_snapshot_alerts",
    help: "Versions that were refused and whose last good ones serve.",
    field: "alerts",
  },
  {
    name: "recsys_catalogue_unreadable_items",
    help: "Items that are left out of lists, because their rows cannot be read.",
    field: "unreadable",
  },
] as const;

function registerSnapshotReadings(
  metrics: Metrics,
  read: MetricReadings["snapshots"],
): void {
  for (const { name, help, field } of SNAPSHOT_GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ["tenant", "namespace"],
      registers: [metrics.registry],
      collect() {
        for (const one of read()) {
          const tenant = metrics.bounded("tenant", one.tenant);
          this.set({ tenant, namespace: one.namespace }, one[field]);
        }
      },
    });
  }
}

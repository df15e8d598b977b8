import {
  seededRandom,
  type GateThresholds,
  type Item,
  type OfflineReport,
  type QualityCheck,
} from "@recsys/contracts";
import {
  buildOfflineReport,
  checkKnownItems,
  checkOnlyNewItems,
  checkTimeOrder,
  type EvaluationResult,
  type TestInteraction,
} from "@recsys/evaluation";
import { textAt, type EventColumns } from "../interactions/event-columns.ts";
import type { Learner } from "../learner/learner.ts";
import { fitOffline } from "./fit-offline.ts";
import type { OfflineArm } from "./offline-arm.ts";
import { rankCases, type RankOptions, type RankedCases } from "./rank-cases.ts";
import { userCases, type CaseOptions, type UserCase } from "./user-cases.ts";

export interface OfflineOptions
  extends
    Pick<RankOptions, "surface" | "k" | "wanted" | "metrics" | "bootstrap">,
    Pick<CaseOptions, "users" | "relevantFrom"> {
  readonly title: string;
  readonly train: EventColumns;
  readonly test: EventColumns;
  /** Absent: every item of the two parts, without any attribute. */
  readonly items?: readonly Item[];
  readonly candidate: OfflineArm;
  readonly baseline: OfflineArm | null;
  /** null: measured, not judged. */
  readonly thresholds: GateThresholds | null;
  /** Unix milliseconds: end of training and `now` of the requests. */
  readonly asOf: number;
  readonly createdAt: number;
  /** Whether test rows are later than training; files of random splits are not. */
  readonly isTimeSplit: boolean;
  /** Fewest users to rank; 1 unless said. */
  readonly minUsers?: number;
  /** Most users to rank, drawn by `bootstrap.seed`. */
  readonly maxUsers?: number;
  readonly facts?: OfflineReport["facts"];
  readonly learner: Learner;
  /** The fraction is that of the whole, and grows. */
  readonly onProgress?: (step: string, fraction: number) => void;
}

/** What was measured, or how many users there were where they are too few: then nothing was learned. */
export type OfflineOutcome =
  | OfflineMeasurement
  | { readonly kind: "too-few-users"; readonly users: number };

export interface OfflineMeasurement {
  readonly kind: "measured";
  readonly report: OfflineReport;
  readonly candidate: EvaluationResult;
  readonly baseline: EvaluationResult | null;
  /** The candidate's lists by user. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/**
 * Learns from the training rows, ranks each test user through the served
 * pipeline with the training rows as history, and judges the lists by what
 * the user then did. No database, clock or randomness: repeats exactly.
 */
export async function evalOffline(
  options: OfflineOptions,
): Promise<OfflineOutcome> {
  const { candidate, baseline, train, test } = options;
  const items = options.items ?? bareItems(train, test);
  const { event_types: eventTypes } = candidate.config;
  const all = userCases(train, test, { ...options, eventTypes });
  const cases = drawCases(all, options);
  if (cases.length < (options.minUsers ?? 1)) {
    return { kind: "too-few-users", users: cases.length };
  }
  const steps = baseline === null ? 2 : 4;
  const run = (arm: OfflineArm, stepsBefore: number) =>
    runArm(arm, {
      ...{ options, items, cases },
      onProgress: (step, name, fraction) =>
        options.onProgress?.(
          `${name} ${arm.label}`,
          (stepsBefore + step + fraction) / steps,
        ),
    });
  const measured = await run(candidate, 0);
  const against = baseline === null ? null : await run(baseline, 2);
  const report = buildOfflineReport({
    title: options.title,
    createdAt: options.createdAt,
    candidate: { name: candidate.label, result: measured.result },
    baseline:
      baseline === null || against === null
        ? null
        : { name: baseline.label, result: against.result },
    quality: qualityChecks(options, { items, cases, ranked: measured }),
    facts: { ...splitFacts(options, items), ...options.facts },
    thresholds: options.thresholds,
  });
  return {
    kind: "measured",
    report,
    candidate: measured.result,
    baseline: against?.result ?? null,
    lists: measured.lists,
  };
}

async function runArm(
  arm: OfflineArm,
  o: {
    readonly options: OfflineOptions;
    readonly items: readonly Item[];
    readonly cases: readonly UserCase[];
    readonly onProgress: (step: 0 | 1, name: string, fraction: number) => void;
  },
): Promise<RankedCases> {
  const { options, items, cases } = o;
  let learned = 0;
  const fitted = await fitOffline(arm, {
    train: options.train,
    items,
    asOf: options.asOf,
    learner: options.learner,
    onProgress: () => {
      learned++;
      o.onProgress(0, "learn", learned / arm.signals.length);
    },
  });
  return rankCases(fitted, arm.knobs, {
    ...options,
    cases,
    items,
    now: options.asOf,
    onProgress: (done) => {
      o.onProgress(1, "rank", done / cases.length);
    },
  });
}

/** Items of train and test, sorted by id. */
function bareItems(train: EventColumns, test: EventColumns): Item[] {
  const ids = new Set([...train.item.values, ...test.item.values]);
  return [...ids].sort().map((item_id) => ({
    item_id,
    available: true,
    tags: [],
    category: [],
    attributes: {},
  }));
}

/** The first `maxUsers` of a seeded shuffle, in the order of the cases. */
function drawCases(
  cases: readonly UserCase[],
  options: OfflineOptions,
): readonly UserCase[] {
  const { maxUsers = Infinity, bootstrap } = options;
  const judged = cases.filter(({ truth }) => truth.size > 0);
  if (judged.length <= maxUsers) return judged;
  const random = seededRandom(bootstrap.seed);
  const drawn = new Set(
    judged
      .map((user) => ({ user, draw: random() }))
      .sort((a, b) => a.draw - b.draw)
      .slice(0, maxUsers)
      .map(({ user }) => user),
  );
  return judged.filter((user) => drawn.has(user));
}

function qualityChecks(
  options: OfflineOptions,
  o: {
    readonly items: readonly Item[];
    readonly cases: readonly UserCase[];
    readonly ranked: RankedCases;
  },
): QualityCheck[] {
  const catalogue = new Set(o.items.map((item) => item.item_id));
  const seen = new Map(o.cases.map((user) => [user.userId, user.seen]));
  const none: ReadonlySet<string> = new Set();
  return [
    ...(options.isTimeSplit
      ? [checkTimeOrder(interactionsOf(options.test), options.asOf - 1)]
      : []),
    ...(options.wanted === "new-items"
      ? [checkOnlyNewItems(o.ranked.lists, (user) => seen.get(user) ?? none)]
      : []),
    checkKnownItems(interactionsOf(options.test), catalogue),
  ];
}

function* interactionsOf(events: EventColumns): Generator<TestInteraction> {
  for (let row = 0; row < events.rowCount; row++) {
    yield {
      userId: textAt(events.user, row) ?? "",
      itemId: textAt(events.item, row) ?? "",
      ts: events.ts[row] ?? 0,
    };
  }
}

function splitFacts(
  options: OfflineOptions,
  items: readonly Item[],
): OfflineReport["facts"] {
  return {
    split: options.isTimeSplit ? "time" : "given",
    as_of: new Date(options.asOf).toISOString(),
    train_rows: options.train.rowCount,
    test_rows: options.test.rowCount,
    catalogue_items: items.length,
    k: options.k,
    surface: options.surface,
    wanted: options.wanted,
    users: options.users,
  };
}

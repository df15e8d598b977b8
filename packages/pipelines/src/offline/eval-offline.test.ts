import {
  DAY_MS,
  DEFAULT_CONFIG,
  OfflineReport,
  SIGNAL_NAMES,
  validator,
} from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  toEventColumns,
  type EventRow,
} from "../interactions/event-columns.ts";
import { startLearner, type Learner } from "../learner/learner.ts";
import { DEFAULT_PARAMETERS } from "../recipe/parameters.ts";
import { evalOffline, type OfflineOptions } from "./eval-offline.ts";
import { withOnly, type OfflineArm } from "./offline-arm.ts";
import { splitByTime } from "./split.ts";
const SPLIT = 100 * DAY_MS;

function bought(user: string, item: string, day: number): EventRow {
  return { user, item, type: "purchase", ts: day * DAY_MS };
}

/** Popularity before the split: a 3, b 2, c 1. */
const events = toEventColumns([
  bought("u1", "a", 99),
  bought("u2", "a", 99),
  bought("u3", "a", 99),
  bought("u1", "b", 99),
  bought("u2", "b", 99),
  bought("u3", "c", 99),
  bought("u1", "c", 101),
  bought("u2", "a", 101),
  bought("u3", "b", 102),
  bought("u4", "a", 102),
]);

const served: OfflineArm = {
  label: "served",
  config: DEFAULT_CONFIG,
  tenantKnobs: {},
  rules: { rules: [] },
  parameters: DEFAULT_PARAMETERS,
  signals: SIGNAL_NAMES,
  knobs: {},
};

describe("offline evaluation", () => {
  let learner: Learner;
  beforeAll(() => {
    learner = startLearner();
  });
  afterAll(() => learner.close());

  async function evaluated(more: Partial<OfflineOptions> = {}) {
    const outcome = await measured(more);
    if (outcome.kind === "measured") return outcome;
    throw new Error(`only ${outcome.users} users`);
  }

  function measured(more: Partial<OfflineOptions> = {}) {
    return evalOffline({
      title: "test",
      ...splitByTime(events, SPLIT),
      candidate: withOnly(served, "popularity"),
      baseline: null,
      thresholds: null,
      asOf: SPLIT,
      createdAt: SPLIT,
      isTimeSplit: true,
      surface: "home",
      k: 2,
      wanted: "new-items",
      users: "known",
      metrics: ["ndcg@2", "recall@2", "catalogue_coverage@2"],
      bootstrap: { resamples: 50, seed: 1, confidence: 0.95 },
      learner,
      ...more,
    });
  }

  it("ranks by popularity alone what the user has not had", async () => {
    const { lists, report } = await evaluated();
    expect(Object.fromEntries(lists)).toEqual({ u1: ["c"], u3: ["b"] });
    expect(report.users.scored).toBe(2);
    expect(report.metrics[0]?.mean).toEqual({ kind: "number", value: 1 });
    expect(report.quality.map(({ outcome }) => outcome)).toEqual([
      "pass",
      "pass",
      "pass",
    ]);
  });

  it("may list and want items again, and take users without a history", async () => {
    const { lists } = await evaluated({ wanted: "all-items", users: "all" });
    expect(Object.fromEntries(lists)).toEqual({
      u1: ["a", "b"],
      u2: ["a", "b"],
      u3: ["a", "b"],
      u4: ["a", "b"],
    });
  });

  it("gives the same report twice, which its schema accepts", async () => {
    const options = {
      candidate: served,
      baseline: withOnly(served, "popularity"),
    };
    const first = await evaluated(options);
    const second = await evaluated(options);
    expect(second.report).toEqual(first.report);
    expect(validator(OfflineReport)(first.report)).toEqual([]);
    expect(first.report.comparison?.users_paired).toBe(2);
  });

  it("tells how far the whole is, which never goes back", async () => {
    const fractions: number[] = [];
    await evaluated({
      candidate: served,
      baseline: withOnly(served, "popularity"),
      onProgress: (_step, fraction) => fractions.push(fraction),
    });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions[0]).toBeLessThan(0.25);
    // Two cases are ranked within one turn, which is not told.
    expect(fractions.at(-1)).toBe(0.75);
  });

  it("fails the leakage check when test rows are older than the split", async () => {
    const { report } = await evaluated({ asOf: 102 * DAY_MS });
    expect(report.quality[0]).toMatchObject({
      name: "test_after_train",
      outcome: "fail",
    });
  });

  it("learns nothing where too few users are left to find something", async () => {
    const learned: string[] = [];
    const onProgress = (step: string) => learned.push(step);
    const late = splitByTime(events, 200 * DAY_MS);
    expect(await measured({ ...late, onProgress })).toEqual({
      kind: "too-few-users",
      users: 0,
    });
    // u2 had its item before, u4 has no history.
    expect(await measured({ minUsers: 3, onProgress })).toEqual({
      kind: "too-few-users",
      users: 2,
    });
    expect(learned).toEqual([]);
  });

  it("refuses a source that there is none of", () => {
    expect(() => withOnly(served, "popularty")).toThrow(
      /no source popularty; there are .*popularity/,
    );
  });
});

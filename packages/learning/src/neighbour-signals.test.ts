import { DAY_MS } from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import { expect, test } from "vitest";
import { boughtTogether } from "./bought-together.ts";
import { boundRows } from "./bound-rows.ts";
import { coVisits } from "./co-visits.ts";
import { createInteractions } from "./create-interactions.ts";
import { itemKnn } from "./item-knn.ts";
import { logLikelihoodRatio } from "./log-likelihood-ratio.ts";
import type { NeighboursModel } from "./neighbours.ts";

const context = { asOf: 100 * DAY_MS, kernels: plainKernels };

/** One row per letter: `ab` is a user (or basket) with items a and b. */
function histories(
  words: readonly string[],
  options: { day?: number; basket?: boolean; person?: number } = {},
) {
  const rows = words.flatMap((word, user) =>
    Array.from(word).map((item) => ({ user: `u${user}`, item })),
  );
  return createInteractions({
    user: rows.map((row) => row.user),
    item: rows.map((row) => row.item),
    weight: rows.map(() => 1),
    ts: rows.map(() => (options.day ?? 100) * DAY_MS),
    person: rows.map(() => options.person ?? 1),
    ...(options.basket === true && { basket: rows.map(() => "order") }),
  });
}

function scoreOf(
  { ids, rows }: NeighboursModel,
  from: string,
  to: string,
): number {
  const [start = 0, end = 0] = rows.offsets.subarray(ids.indexOf(from));
  const entry = rows.positions.subarray(start, end).indexOf(ids.indexOf(to));
  return entry < 0 ? 0 : (rows.scores[start + entry] ?? 0);
}

test("item-knn is the cosine of the columns when nothing is shrunk or voted", () => {
  const model = itemKnn.compute(
    histories(["ab", "ab", "ac", "a", "b"]),
    { shrink: 0, user_power: 0, voter_share: 0.5, chance_share: 0 },
    context,
  );
  // a: 4 users, b: 3, c: 1; ab: 2, ac: 1.
  expect(scoreOf(model, "a", "b")).toBeCloseTo(2 / Math.sqrt(12), 6);
  expect(scoreOf(model, "c", "a")).toBeCloseTo(1 / 2, 6);
  expect(scoreOf(model, "b", "c")).toBe(0);
});

test("item-knn shrinks and shares each person's vote", () => {
  const model = itemKnn.compute(
    histories(["ab", "abcd"]),
    { shrink: 1, user_power: 1, voter_share: 0.5, chance_share: 0 },
    context,
  );
  // Votes 1/2 and 1/4: shared 3/4, norms sqrt(3/4) each.
  expect(scoreOf(model, "a", "b")).toBeCloseTo(0.75 / (0.75 + 1), 6);
});

test("a voter may bear more of the normalisation than what it votes for", () => {
  const model = itemKnn.compute(
    histories(["ab", "a", "a", "a"]),
    { shrink: 0, user_power: 0, voter_share: 0.75, chance_share: 0 },
    context,
  );
  // Norms 2 and 1: b for a: 1 / (1 * 2^0.5), a for b: 1 / (2^1.5 * 1), over 4^0.25.
  expect(model.calibration.scale).toBeCloseTo(Math.sqrt(2), 9);
  expect(scoreOf(model, "b", "a")).toBeCloseTo(1 / 2, 6);
  expect(scoreOf(model, "a", "b")).toBeCloseTo(1 / 4, 6);
});

test("what chance explains is taken off", () => {
  const model = itemKnn.compute(
    histories(["ab", "a", "b", "cd"]),
    { shrink: 0, user_power: 0, voter_share: 0.5, chance_share: 1 },
    context,
  );
  // 6 entries: ab is 1 - 2 * 2 / 6 = 1/3 over norm 2, cd is 1 - 1/6 over 1.
  expect(scoreOf(model, "a", "b")).toBeCloseTo(1 / 6, 6);
  expect(scoreOf(model, "c", "d")).toBeCloseTo(5 / 6, 6);
});

test("guests say nothing about persons", () => {
  const model = itemKnn.compute(histories(["ab"], { person: 0 }), {}, context);
  expect(model.rows.positions.length).toBe(0);
});

test("items vote for those that have them among their nearest", () => {
  // a is near everything, but only one may vote for each.
  const model = itemKnn.compute(
    histories(["ab", "ab", "ac", "ac", "bc"]),
    {
      neighbours: 1,
      shrink: 0,
      user_power: 0,
      voter_share: 0.5,
      chance_share: 0,
    },
    context,
  );
  expect(scoreOf(model, "a", "b")).toBeGreaterThan(0);
  expect(scoreOf(model, "a", "c")).toBeGreaterThan(0);
  expect(scoreOf(model, "b", "c")).toBe(0);
});

test("co-visits decay with age and joins guests' events within a day", () => {
  const fresh = histories(["ab", "ac"], { person: 0 });
  const model = coVisits.compute(fresh, { shrink: 0, size_power: 0 }, context);
  expect(scoreOf(model, "a", "b")).toBeCloseTo(1 / Math.sqrt(2), 6);
  const none = coVisits.compute(fresh, { window_days: 0 }, context);
  expect(none.rows.positions.length).toBe(0);
});

test("an old visit counts less than a new one", () => {
  const columns = {
    user: ["u", "u", "v", "v"],
    item: ["a", "b", "a", "c"],
    weight: [1, 1, 1, 1],
    ts: [100 * DAY_MS, 100 * DAY_MS, 90 * DAY_MS, 90 * DAY_MS],
    basket: ["1", "1", "2", "2"],
  };
  const model = coVisits.compute(
    createInteractions(columns),
    { shrink: 0, size_power: 0, half_life_days: 10 },
    context,
  );
  // Votes 1 and 1/2: a has 3/2; ab = 1 / sqrt(3/2), ac = 1/2 / sqrt(3/4).
  expect(scoreOf(model, "a", "b")).toBeCloseTo(1 / Math.sqrt(1.5), 6);
  expect(scoreOf(model, "a", "c")).toBeCloseTo(0.5 / Math.sqrt(0.75), 6);
});

test("lift divides the popularity out", () => {
  const visits = histories(["ab", "ab", "ac", "a"], { basket: true });
  const lift = { shrink: 0, size_power: 0, lift_power: 1 };
  const model = coVisits.compute(visits, lift, context);
  // Lift of ab: 2 * 4 / (4 * 2) = 1, saturating: 1 / 2; ac the same.
  expect(scoreOf(model, "a", "b")).toBeCloseTo(0.5, 6);
  expect(scoreOf(model, "a", "c")).toBeCloseTo(0.5, 6);
});

test("the log-likelihood ratio agrees with a table worked by hand", () => {
  // Cells 10, 10, 10, 70 of 100: 2 (10 ln 2.5 + 20 ln 0.625 + 70 ln 1.09375).
  const ratio = logLikelihoodRatio({ both: 10, a: 20, b: 20, count: 100 });
  expect(ratio).toBeCloseTo(12.0714, 3);
  expect(logLikelihoodRatio({ both: 4, a: 20, b: 20, count: 100 })).toBeCloseTo(
    0,
    9,
  );
});

test("bought-together needs support and significance, and takes guests' baskets", () => {
  const baskets = [
    ...Array.from({ length: 6 }, () => "ab"),
    ...Array.from({ length: 20 }, () => "c"),
    "cd",
    "cd",
  ];
  const model = boughtTogether.compute(
    histories(baskets, { basket: true, person: 0 }),
    {},
    context,
  );
  expect(scoreOf(model, "a", "b")).toBe(1);
  expect(scoreOf(model, "c", "d")).toBe(0);
  const old = histories(baskets, { basket: true, day: -300 });
  expect(boughtTogether.compute(old, {}, context).rows.positions.length).toBe(
    0,
  );
});

test("items that avoid each other are not bought together", () => {
  const baskets = [
    ...Array.from({ length: 30 }, () => "ac"),
    ...Array.from({ length: 30 }, () => "bc"),
    ..."ab ab ab".split(" "),
  ];
  const model = boughtTogether.compute(
    histories(baskets, { basket: true }),
    {},
    context,
  );
  expect(scoreOf(model, "a", "b")).toBe(0);
});

test("long rows keep the strongest and draw lots among equals, not by the alphabet", () => {
  const ids = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
  const rows = {
    columnCount: 26,
    offsets: Int32Array.of(0, 26, 52, 55),
    columns: Int32Array.from([...ids.keys(), ...ids.keys(), 0, 1, 2]),
    values: Float64Array.from([
      ...ids.map(() => 1),
      ...ids.map((_, i) => i),
      ...[1, 1, 1],
    ]),
  };
  const cut = boundRows(rows, 5, ids);
  expect([...cut.offsets]).toEqual([0, 5, 10, 13]);
  expect([...cut.columns.subarray(5, 10)]).toEqual([21, 22, 23, 24, 25]);
  expect([...cut.columns.subarray(0, 5)]).not.toEqual([0, 1, 2, 3, 4]);
  expect(boundRows(rows, 26, ids)).toBe(rows);
});

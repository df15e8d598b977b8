import { expect, test } from "vitest";
import { compareRuns } from "../compare-runs.ts";
import { evaluateLists } from "../evaluation.ts";
import { judgeList } from "../judged-list.ts";
import { auc } from "./auc.ts";
import { brandExposureRatio } from "./brand-exposure-ratio.ts";
import { categoryExposureRatio } from "./category-exposure-ratio.ts";
import { gauc } from "./gauc.ts";
import { mrrLift } from "./mrr-lift.ts";
import { ndcgLift } from "./ndcg-lift.ts";
import { popularityBias } from "./popularity-bias.ts";
import { serendipity } from "./serendipity.ts";

const facts = {
  catalogue: ["a", "b", "c", "d"],
  trainCounts: new Map([
    ["a", 9],
    ["b", 4],
    ["c", 2],
  ]),
  nUsers: 10,
};
const wants = (...items: string[]) => new Map(items.map((item) => [item, 1]));

test("auc counts a wanted item that is not listed as lost", () => {
  const judged = judgeList(["a", "x", "y"], wants("a", "z"));
  expect(judged && auc.score(judged, 3)).toBe(0.5);
});

test("auc of the reverse order is 0", () => {
  const judged = judgeList(["x", "a"], wants("a"));
  expect(judged && auc.score(judged, 2)).toBe(0);
});

test("gauc weighs a list by its slots and leaves out one-sided lists", () => {
  const truth = wants("a", "b");
  const parts = gauc.parts({ items: ["a", "x", "y", "b"], truth }, facts, 9);
  expect(parts).toEqual({ numerator: 2, denominator: 4 });
  expect(gauc.parts({ items: ["a", "b"], truth }, facts, 9)).toBeNull();
  expect(gauc.parts({ items: ["x"], truth }, facts, 9)).toBeNull();
});

test("serendipity forgets what unseen popularity would have shown", () => {
  const list = { items: ["b", "d"], truth: wants("b", "d"), history: ["a"] };
  expect(serendipity.score(list, facts, 2)).toBe(0.5);
  const newcomer = { items: ["b"], truth: wants("b") };
  expect(serendipity.score(newcomer, facts, 1)).toBe(1);
});

test("the lift of the popular list itself is 0", () => {
  const list = { items: ["b", "c"], truth: wants("c"), history: ["a"] };
  expect(ndcgLift.parts(list, facts, 2)?.numerator).toBe(0);
  expect(mrrLift.parts(list, facts, 2)).toEqual({
    numerator: 0,
    denominator: 0.5,
  });
});

test("popularity bias compares the list with the history", () => {
  const parts = popularityBias.parts(
    { items: ["a"], history: ["b"] },
    facts,
    1,
  );
  expect(parts).toEqual({ numerator: 5, denominator: 4 });
  expect(popularityBias.parts({ items: ["a"] }, facts, 1)).toBeNull();
});

const counts = (slots: Readonly<Record<string, number>>) => ({
  slots: new Map(Object.entries(slots)),
  lists: new Map<string, number>(),
  listCount: 1,
  emptyLists: 0,
  slotCount: 1,
});

test("a brand with half of the catalogue and all of the slots has ratio 2", () => {
  const brands = new Map([
    ["a", "P"],
    ["b", "Q"],
  ]);
  const value = brandExposureRatio.value(
    counts({ a: 3 }),
    { ...facts, brands },
    1,
  );
  expect(value).toEqual({ kind: "number", value: 2 });
});

test("exposure ratios need groups, and something shown that has one", () => {
  expect(brandExposureRatio.value(counts({ a: 1 }), facts, 1).kind).toBe(
    "not-computable",
  );
  const categories = new Map([["a", ["x"]]]);
  const unknown = counts({ b: 2, gone: 1 });
  expect(
    categoryExposureRatio.value(unknown, { ...facts, categories }, 1).kind,
  ).toBe("not-computable");
});

test("a ratio metric is compared on the users of both runs, with an interval", () => {
  const run = (lists: readonly (readonly string[])[]) =>
    evaluateLists({
      ...facts,
      metrics: ["popularity_bias@1"],
      lists: new Map(lists.map((list, i) => [`u${i}`, list])),
      truth: new Map(),
      history: new Map(lists.map((_, i) => [`u${i}`, i < 2 ? ["b"] : ["c"]])),
      bootstrap: { resamples: 200, seed: 7, confidence: 0.95 },
    });
  const candidate = run([["b"], ["c"], ["c"], ["b"]]);
  const popular = run([["a"], ["a"], ["a"], ["a"]]);
  const { differences } = compareRuns(candidate, popular);
  // Sums: (4 + 2 + 2 + 4) / 12 - 1 = 0 against 36 / 12 - 1 = 2.
  expect(differences[0]).toMatchObject({
    users: 4,
    candidate_mean: { kind: "number", value: 0 },
    baseline_mean: { kind: "number", value: 2 },
    difference: { kind: "number", value: -2 },
    interval: { kind: "interval" },
  });
  const same = compareRuns(popular, popular).differences[0];
  expect(same?.interval).toEqual({ kind: "interval", low: 0, high: 0 });
});

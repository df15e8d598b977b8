import { expect, test } from "vitest";
import { tasteDivergence } from "./taste-divergence.ts";
import { calibrationKl } from "./calibration-kl.ts";

const categories = new Map([
  ["film", ["drama"]],
  ["epic", ["drama", "war"]],
  ["joke", ["comedy"]],
  ["blank", []],
]);
const facts = { catalogue: [], trainCounts: new Map(), nUsers: 1, categories };

test("is 0 for a list with the taste of the history", () => {
  const history = ["film", "blank"];
  expect(calibrationKl.score({ items: ["film"], history }, facts, 10)).toBe(0);
});

test("is ln(1/alpha) = ln 100 when no taste is met at all", () => {
  const shown = { items: ["joke"], history: ["film"] };
  expect(calibrationKl.score(shown, facts, 10)).toBeCloseTo(4.6051702, 6);
});

test("is null for a history without categories", () => {
  const shown = { items: ["film"], history: ["blank"] };
  expect(calibrationKl.score(shown, facts, 10)).toBeNull();
});

test("spreads an item's weight over its categories, ranks weighting the list only", () => {
  const { p, q } = tasteDivergence({
    history: ["film", "epic"],
    items: ["epic", "joke"],
    categories,
    alpha: 0.01,
    rankWeights: [3, 1],
  });
  expect([p.get("drama"), p.get("war")]).toEqual([0.75, 0.25]);
  expect([q.get("drama"), q.get("war"), q.get("comedy")]).toEqual([
    0.375, 0.375, 0.25,
  ]);
});

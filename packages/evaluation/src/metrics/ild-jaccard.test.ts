import { expect, test } from "vitest";
import { ildJaccard } from "./ild-jaccard.ts";

const facts = {
  catalogue: [],
  trainCounts: new Map(),
  nUsers: 1,
  categories: new Map([
    ["a", ["drama", "war"]],
    ["b", ["drama"]],
    ["none", []],
  ]),
};

test("averages 1 - Jaccard over pairs: a-b 1/2, a-none 1, b-none 1", () => {
  expect(
    ildJaccard.score({ items: ["a", "b", "none"] }, facts, 10),
  ).toBeCloseTo(2.5 / 3, 12);
});

test("takes two items without categories as different, one item as undefined", () => {
  expect(ildJaccard.score({ items: ["none", "unknown"] }, facts, 10)).toBe(1);
  expect(ildJaccard.score({ items: ["a"] }, facts, 10)).toBeNull();
});

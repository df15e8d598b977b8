import { expect, test } from "vitest";
import { mrr } from "./mrr.ts";

// Wanted items stand second and third.
const list = { gains: [0, 1, 1], relevant: [1, 1] };

test("is one over the rank of the first wanted item: 1/2", () => {
  expect(mrr.score(list, 3)).toBe(0.5);
});

test("is 0 when the first wanted item comes after k", () => {
  expect(mrr.score(list, 1)).toBe(0);
});

import { expect, test } from "vitest";
import { precision } from "./precision.ts";

// Wanted at ranks 1 and 3 of a list of three; one more is wanted and not listed.
const list = { gains: [1, 0, 1], relevant: [1, 1, 1] };

test("counts hits among the first k: 2 of 3", () => {
  expect(precision.score(list, 3)).toBeCloseTo(2 / 3, 12);
});

test("divides by k also when the list is shorter: 2 of 5", () => {
  expect(precision.score(list, 5)).toBe(0.4);
});

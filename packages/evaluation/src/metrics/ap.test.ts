import { expect, test } from "vitest";
import { ap } from "./ap.ts";

// Hits at ranks 1 and 3: precisions 1 and 2/3.
const list = { gains: [1, 0, 1, 0], relevant: [1, 1, 1] };

test("averages the precision at each hit over min(k, wanted): (1 + 2/3) / 3", () => {
  expect(ap.score(list, 4)).toBeCloseTo(5 / 9, 12);
});

test("divides by k where fewer places than wanted items count: (1 + 0) / 2", () => {
  expect(ap.score(list, 2)).toBe(0.5);
});

import { expect, test } from "vitest";
import { rPrecision } from "./r-precision.ts";

// Three are wanted; hits at ranks 2 and 4.
const list = { gains: [0, 1, 0, 1], relevant: [1, 1, 1] };

test("looks at as many places as there are wanted items, whatever k: 1 of 3", () => {
  expect(rPrecision.score(list, 1)).toBeCloseTo(1 / 3, 12);
  expect(rPrecision.score(list, 10)).toBeCloseTo(1 / 3, 12);
});

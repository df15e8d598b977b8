import { expect, test } from "vitest";
import { ndcgBinary } from "./ndcg-binary.ts";

// Hits at ranks 2 and 3 of two wanted items, whose gains must not matter.
const list = { gains: [0, 7, 2], relevant: [7, 2] };

test("sums 1/log2(rank + 1) over hits and divides by the best order", () => {
  // (1/log2(3) + 1/2) / (1 + 1/log2(3)) = (0.6309298 + 0.5) / 1.6309298
  expect(ndcgBinary.score(list, 3)).toBeCloseTo(0.6934264, 6);
});

test("cuts the best order at k too: one hit at rank 1 is perfect at k = 1", () => {
  expect(ndcgBinary.score({ gains: [1], relevant: [1, 1] }, 1)).toBe(1);
});

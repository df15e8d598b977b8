import { expect, test } from "vitest";
import { ndcgExp } from "./ndcg-exp.ts";

// The item worth 1 stands before the one worth 3: 2^1 - 1 = 1 and 2^3 - 1 = 7.
const list = { gains: [1, 3], relevant: [3, 1] };

test("weighs each hit with 2^gain - 1: (1 + 7/log2(3)) / (7 + 1/log2(3))", () => {
  // (1 + 4.4165083) / (7 + 0.6309298)
  expect(ndcgExp.score(list, 2)).toBeCloseTo(0.7098097, 6);
});

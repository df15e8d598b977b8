import { expect, test } from "vitest";
import { ndcgLinear } from "./ndcg-linear.ts";

// The item worth 1 stands before the one worth 3.
const list = { gains: [1, 3], relevant: [3, 1] };

test("weighs each hit with its gain: (1 + 3/log2(3)) / (3 + 1/log2(3))", () => {
  // (1 + 1.8927893) / (3 + 0.6309298)
  expect(ndcgLinear.score(list, 2)).toBeCloseTo(0.7967075, 6);
});

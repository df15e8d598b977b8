import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { noveltyBits } from "./novelty-bits.ts";

function bitsOf(list: readonly string[], nUsers = 16) {
  const counter = createExposureCounter(10);
  counter.add(list);
  const trainCounts = new Map([["a", 4]]);
  return noveltyBits.value(
    counter.counts(),
    { catalogue: [], trainCounts, nUsers },
    10,
  );
}

test("averages over slots: 4 of 16 users is 2 bits, an unseen item counts as 1 of 16, 4 bits", () => {
  expect(bitsOf(["a", "new"])).toEqual({ kind: "number", value: 3 });
});

test("cannot be computed without slots or without training users", () => {
  expect(bitsOf([]).kind).toBe("not-computable");
  expect(bitsOf(["a"], 0).kind).toBe("not-computable");
});

import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { emptyRate } from "./empty-rate.ts";

const facts = { catalogue: [], trainCounts: new Map(), nUsers: 1 };

test("is the share of lists that hold nothing: 1 of 4", () => {
  const counter = createExposureCounter(Infinity);
  for (const list of [["a"], [], ["b"], ["c"]]) counter.add(list);
  expect(emptyRate.value(counter.counts(), facts, Infinity)).toEqual({
    kind: "number",
    value: 0.25,
  });
});

test("cannot be computed without lists", () => {
  const counts = createExposureCounter(Infinity).counts();
  expect(emptyRate.value(counts, facts, Infinity).kind).toBe("not-computable");
});

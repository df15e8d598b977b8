import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { gini } from "./gini.ts";

function giniOf(...lists: (readonly string[])[]) {
  const counter = createExposureCounter(10);
  for (const list of lists) counter.add(list);
  const facts = {
    catalogue: ["a", "b", "c"],
    trainCounts: new Map(),
    nUsers: 1,
  };
  return gini.value(counter.counts(), facts, 10);
}

test("is 0 when every item of the catalogue has the same exposure", () => {
  expect(giniOf(["a", "b", "c"])).toEqual({ kind: "number", value: 0 });
});

test("counts items never shown: counts 0, 1, 3 give (-2·0 + 0·1 + 2·3)/(3·4)", () => {
  expect(giniOf(["a", "b"], ["a"], ["a"])).toEqual({
    kind: "number",
    value: 0.5,
  });
});

test("cannot be computed when nothing of the catalogue was shown", () => {
  expect(giniOf([], ["gone"]).kind).toBe("not-computable");
});

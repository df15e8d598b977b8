import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { catalogueCoverage } from "./catalogue-coverage.ts";

const counter = createExposureCounter(2);
counter.add(["a", "b", "c"]);
counter.add(["a", "gone"]);

function coverage(catalogue: readonly string[]) {
  const facts = { catalogue, trainCounts: new Map(), nUsers: 1 };
  return catalogueCoverage.value(counter.counts(), facts, 2);
}

test("counts the distinct catalogue items among the first k: a, b of four", () => {
  expect(coverage(["a", "b", "c", "d"])).toEqual({
    kind: "number",
    value: 0.5,
  });
});

test("cannot be computed for an empty catalogue", () => {
  expect(coverage([]).kind).toBe("not-computable");
});

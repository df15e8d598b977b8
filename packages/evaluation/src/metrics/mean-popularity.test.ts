import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { meanPopularity } from "./mean-popularity.ts";

function popularityOf(...lists: (readonly string[])[]) {
  const counter = createExposureCounter(10);
  for (const list of lists) counter.add(list);
  const facts = {
    catalogue: [],
    trainCounts: new Map([["a", 9]]),
    nUsers: 10,
  };
  return meanPopularity.value(counter.counts(), facts, 10);
}

test("averages training users over slots: (9 + 0 + 9) / 3", () => {
  expect(popularityOf(["a", "new"], ["a"])).toEqual({
    kind: "number",
    value: 6,
  });
});

test("cannot be computed when nothing was shown", () => {
  expect(popularityOf([]).kind).toBe("not-computable");
});

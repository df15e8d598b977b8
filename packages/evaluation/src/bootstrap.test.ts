import { expect, test } from "vitest";
import { meanInterval, percentile } from "./bootstrap.ts";

const options = { resamples: 50, seed: 9, confidence: 0.9 };

test("an interval that cannot be drawn says why", () => {
  for (const values of [[], [1]]) {
    expect(meanInterval(values, options)).toEqual({
      kind: "not-computable",
      because: "it takes at least two users",
    });
  }
  expect(meanInterval([1, 2], { ...options, resamples: 0 })).toEqual({
    kind: "not-computable",
    because: "no resamples were asked",
  });
});

test("values that are all equal have an interval without width", () => {
  expect(meanInterval([2, 2, 2], options)).toEqual({
    kind: "interval",
    low: 2,
    high: 2,
  });
});

test("a quantile lies between its neighbours in proportion: 0.25 of 0, 10, 20 is 5", () => {
  expect(percentile([0, 10, 20], 0.25)).toBe(5);
  expect([percentile([0, 10], 0), percentile([0, 10], 1)]).toEqual([0, 10]);
});

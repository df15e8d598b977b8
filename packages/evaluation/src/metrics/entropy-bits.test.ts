import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { entropyBits } from "./entropy-bits.ts";

function bitsOf(...lists: (readonly string[])[]) {
  const counter = createExposureCounter(10);
  for (const list of lists) counter.add(list);
  const catalogue = ["a", "b", "c", "d"];
  const facts = { catalogue, trainCounts: new Map(), nUsers: 1 };
  return entropyBits.value(counter.counts(), facts, 10);
}

test("is 1.5 bits for the shares 1/2, 1/4, 1/4", () => {
  expect(bitsOf(["a", "b"], ["a", "c"])).toEqual({
    kind: "number",
    value: 1.5,
  });
});

test("is 0 when one item takes everything, absent when nothing is shown", () => {
  expect(bitsOf(["a"], ["a"])).toEqual({ kind: "number", value: 0 });
  expect(bitsOf([]).kind).toBe("not-computable");
});

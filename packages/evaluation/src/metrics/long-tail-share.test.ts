import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { longTailShare } from "./long-tail-share.ts";

function shareOf(...lists: (readonly string[])[]) {
  const counter = createExposureCounter(10);
  for (const list of lists) counter.add(list);
  // Six items: the head is ceil(1.2) = 2 items, b (7) and, of the tie at 3, a.
  const catalogue = ["c", "a", "b", "d", "e", "f"];
  const trainCounts = new Map([
    ["b", 7],
    ["c", 3],
    ["a", 3],
  ]);
  return longTailShare.value(
    counter.counts(),
    { catalogue, trainCounts, nUsers: 10 },
    10,
  );
}

test("counts the slots outside the head, ties by id: c and f of a, b, c, f", () => {
  expect(shareOf(["a", "b"], ["c", "f"])).toEqual({
    kind: "number",
    value: 0.5,
  });
});

test("cannot be computed when nothing was shown", () => {
  expect(shareOf([]).kind).toBe("not-computable");
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { createExposureCounter } from "../exposure-counts.ts";
import { personalisation } from "./personalisation.ts";

function personalisationOf(lists: readonly (readonly string[])[], k: number) {
  const counter = createExposureCounter(k);
  for (const list of lists) counter.add(list);
  const facts = { catalogue: [], trainCounts: new Map(), nUsers: 1 };
  return personalisation.value(counter.counts(), facts, k);
}

test("averages 1 - shared/k over pairs, empty lists included: (0.5 + 1 + 1)/3", () => {
  const value = personalisationOf([["a", "b"], ["b", "c"], []], 2);
  expect(value.kind === "number" && value.value).toBeCloseTo(2.5 / 3, 12);
});

test("cannot be computed for one list", () => {
  expect(personalisationOf([["a"]], 1).kind).toBe("not-computable");
});

test("equals the plain loop over all pairs", () => {
  const list = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
  fc.assert(
    fc.property(fc.array(list, { minLength: 2, maxLength: 6 }), (lists) => {
      const k = 3;
      const cut = lists.map((each) => each.slice(0, k));
      const distances = cut.flatMap((a, i) =>
        cut
          .slice(i + 1)
          .map((b) => 1 - a.filter((item) => b.includes(item)).length / k),
      );
      const mean = distances.reduce((x, y) => x + y, 0) / distances.length;
      const value = personalisationOf(lists, k);
      return value.kind === "number" && Math.abs(value.value - mean) < 1e-12;
    }),
  );
});

import { expect, test } from "vitest";
import { rankChange } from "./rank-changes.ts";

test("counts a rise as positive places", () => {
  expect(rankChange("c", 0, ["a", "b", "c"])).toEqual({ kind: "moved", by: 2 });
});

test("calls an item new only when there was a list before", () => {
  expect(rankChange("z", 0, ["a"])).toEqual({ kind: "new" });
  expect(rankChange("z", 0, null)).toEqual({ kind: "first" });
});

test("notices that nothing moved", () => {
  expect(rankChange("a", 1, ["b", "a"])).toEqual({ kind: "same" });
});

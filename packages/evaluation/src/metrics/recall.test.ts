import { expect, test } from "vitest";
import { recall } from "./recall.ts";

// Five are wanted, the list finds one in its first place.
const list = { gains: [1, 0, 0], relevant: [1, 1, 1, 1, 1] };

test("divides by all wanted items, not by k: 1 of 5 at k = 2", () => {
  expect(recall.score(list, 2)).toBe(0.2);
});

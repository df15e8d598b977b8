import { expect, test } from "vitest";
import { hit } from "./hit.ts";

// The only wanted item stands third.
const list = { gains: [0, 0, 1], relevant: [1] };

test("is 1 from the rank of the first wanted item on, 0 before", () => {
  expect([hit.score(list, 2), hit.score(list, 3)]).toEqual([0, 1]);
});

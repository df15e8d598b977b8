import { expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, shop } from "../../test/shop.ts";

const snapshot = shop({
  items: ["a", "b", "c", "d"].map((id) => item(id)),
  signals: { popularity: lists({ "": { d: 1, c: 0.9, b: 0.8, a: 0.7 } }) },
  tenantKnobs: only({ popularity: 1 }),
});

it("lets nothing in but the named items", () => {
  expect(idsOf(rankIn(snapshot, { include: ["a", "b"] }))).toEqual(["b", "a"]);
});

it("says when its quota cuts", () => {
  const requestKnobs = { "candidates.quota": 1 };
  const result = rankIn(snapshot, { include: ["a", "b"], k: 1, requestKnobs });
  expect(result.warnings.map(({ code }) => code)).toEqual(["CANDIDATES_CUT"]);
});

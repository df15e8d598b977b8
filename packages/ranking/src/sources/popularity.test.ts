import { expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, shop } from "../../test/shop.ts";

const snapshot = shop({
  items: ["beer", "wine", "tea"].map((id) => item(id)),
  signals: {
    popularity: lists({
      "": { beer: 1, tea: 0.5 },
      "country:France": { wine: 1, beer: 0.25 },
    }),
  },
  tenantKnobs: only({ popularity: 1 }),
});

it("mixes everybody's list with that of the country", () => {
  // Half and half: beer (1 + 0.25) / 2, wine 1 / 2, tea 0.5 / 2.
  const result = rankIn(snapshot, { context: { country: "France" } });
  expect(idsOf(result)).toEqual(["beer", "wine", "tea"]);
  expect(result.slate.map(({ score }) => score)).toEqual([0.625, 0.5, 0.25]);
  expect(result.slate[1]?.reasons[0]?.text).toBe("Popular in your country");
});

it("takes everybody's list where the country has none", () => {
  const result = rankIn(snapshot, { context: { country: "Peru" }, k: 2 });
  expect(idsOf(result)).toEqual(["beer", "tea"]);
  expect(result.slate[0]?.score).toBe(1);
});

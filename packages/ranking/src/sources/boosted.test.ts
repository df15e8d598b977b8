import { expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  only,
  rankIn,
  rule,
  shop,
} from "../../test/shop.ts";

const ITEMS = ["a", "b", "c", "d"].map((id) => item(id, { brand: id }));
const signals = { popularity: lists({ "": { a: 1, b: 0.5 } }) };
const tenantKnobs = only({ popularity: 1 });

it("brings in the most popular of what a boost means without naming it", () => {
  const target = { where: "item.brand = 'c' or item.brand = 'd'" };
  const places = [[], [rule({ action: "BOOST", target, amount: 2 })]].map(
    (rules) => {
      const snapshot = shop({
        items: ITEMS,
        signals: { popularity: lists({ "": { a: 1, b: 0.5, c: 0.4 } }) },
        tenantKnobs: { ...tenantKnobs, "popularity.quota": 2 },
        rules,
      });
      return idsOf(rankIn(snapshot, { k: 2 }));
    },
  );
  // d is liked by nobody yet, so it is no candidate still.
  expect(places).toEqual([
    ["a", "b"],
    ["c", "a"],
  ]);
});

it("brings in what a boost names, for its score to decide", () => {
  const places = [0.2, 0.7, 2].map((amount) => {
    const target = { item_ids: ["d"] };
    const rules = [rule({ action: "BOOST", target, amount })];
    const snapshot = shop({ items: ITEMS, signals, tenantKnobs, rules });
    return idsOf(rankIn(snapshot)).indexOf("d");
  });
  expect(places).toEqual([2, 1, 0]);
});

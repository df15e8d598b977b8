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

it("brings in items that no other source offers, in the order of the rule", () => {
  const rules = [rule({ action: "PIN", target: { item_ids: ["d", "c"] } })];
  const snapshot = shop({ items: ITEMS, signals, tenantKnobs, rules });
  expect(idsOf(rankIn(snapshot))).toEqual(["d", "c", "a"]);
});

it("takes the next free place when two rules want the same", () => {
  const rules = [
    rule({ action: "PIN", target: { item_ids: ["c"] }, id: "low" }),
    rule({
      action: "PIN",
      target: { item_ids: ["d"] },
      id: "high",
      priority: 9,
    }),
  ];
  const snapshot = shop({ items: ITEMS, signals, tenantKnobs, rules });
  expect(idsOf(rankIn(snapshot))).toEqual(["d", "c", "a"]);
});

it("pins the best match of a target without ids", () => {
  const rules = [
    rule({ action: "PIN", target: { brand: "b" } }),
    rule({
      action: "PIN",
      target: { item_ids: ["d"] },
      id: "far",
      position: 4,
    }),
  ];
  const snapshot = shop({ items: ITEMS, signals, tenantKnobs, rules });
  const result = rankIn(snapshot);
  expect(idsOf(result)).toEqual(["b", "a", "d"]);
  expect(result.warnings).toEqual([
    {
      code: "PIN_NOT_PLACED",
      detail: "rule far has no free place at or after position 4",
    },
  ]);
});

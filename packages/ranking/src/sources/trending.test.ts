import { expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, shop } from "../../test/shop.ts";

it("offers what rises, with its reason", () => {
  const snapshot = shop({
    items: ["kite", "sled"].map((id) => item(id)),
    signals: { trending: lists({ "": { sled: 1, kite: 0.5 } }) },
    tenantKnobs: only({ trending: 0.1 }),
  });
  const result = rankIn(snapshot, { k: 2 });
  expect(idsOf(result)).toEqual(["sled", "kite"]);
  expect(result.slate[0]?.reasons[0]?.text).toBe("Trending now");
});

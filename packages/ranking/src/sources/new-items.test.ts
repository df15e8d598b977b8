import { DAY_MS } from "@recsys/contracts";
import { expect, it } from "vitest";
import { idsOf, item, NOW, only, rankIn, shop } from "../../test/shop.ts";

it("scores items from 1 when new to 0 at the end of the window", () => {
  const snapshot = shop({
    items: [
      item("undated"),
      item("old", { created_at: NOW - 40 * DAY_MS }),
      item("fresh", { created_at: NOW - 3 * DAY_MS }),
      item("recent", { created_at: NOW - 15 * DAY_MS }),
    ],
    tenantKnobs: only({ new_items: 1 }),
  });
  const result = rankIn(snapshot, { k: 2 });
  expect(idsOf(result)).toEqual(["fresh", "recent"]);
  expect(result.slate.map(({ score }) => score)).toEqual([0.9, 0.5]);
  expect(result.slate[0]?.reasons[0]?.text).toBe("New in the catalogue");
});

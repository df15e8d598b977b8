import { expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";

const snapshot = shop({
  items: ["coffee", "filter", "pan"].map((id) => item(id)),
  tenantKnobs: {
    ...only({ buy_again: 1 }),
    "eligibility.exclude_seen": "none",
  },
});

it("offers what was bought, the more often the better, after its cooldown", () => {
  const userState = user([
    event("pan", "purchase", 1),
    event("coffee", "purchase", 5),
    event("filter", "purchase", 6),
    event("coffee", "purchase", 30),
  ]);
  const result = rankIn(snapshot, { k: 2 }, { userState });
  expect(idsOf(result)).toEqual(["coffee", "filter"]);
  expect(result.slate.map(({ score }) => score)).toEqual([2 / 3, 1 / 2]);
  expect(result.slate[0]?.reasons[0]?.text).toBe("You bought this before");
});

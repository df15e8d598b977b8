import { withoutReturned, type UserEvent } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  neighbours,
  only,
  rankIn,
  shop,
  user,
} from "../test/shop.ts";

const of = (order_id: string, what: UserEvent): UserEvent => ({
  ...what,
  order_id,
});
const bought = of("o1", event("tea", "purchase", 3));
const back = of("o1", event("tea", "return", 1));

describe("a purchase that was returned", () => {
  it("is left out of the user state, and no other", () => {
    const other = of("o2", event("tea", "purchase", 2));
    const sameOrder = of("o1", event("mug", "purchase", 3));
    const view = event("tea", "view", 4);
    const state = user([back, other, bought, sameOrder, view]);
    expect(withoutReturned(state).events).toEqual([
      back,
      other,
      sameOrder,
      view,
    ]);
    const plain = user([bought]);
    expect(withoutReturned(plain)).toBe(plain);
  });

  it("is no taste and no purchase: its item may be listed again, what is like it is no likelier", () => {
    const snapshot = shop({
      items: ["tea", "cup", "mug"].map((id) => item(id)),
      signals: { "item-knn": neighbours({ tea: { cup: 0.9 }, mug: {} }) },
      tenantKnobs: only({ item_knn: 1 }),
    });
    const list = (...events: UserEvent[]) =>
      rankIn(snapshot, { k: 3 }, { userState: user(events) });
    expect(idsOf(list(bought))).toEqual(["cup", "mug"]);
    expect(list(bought).slate[0]?.score).toBeGreaterThan(0.5);
    const undone = list(back, bought);
    expect(idsOf(undone)).toEqual(["cup", "mug", "tea"]);
    expect(undone.slate.map(({ score }) => score)).toEqual([0, 0, 0]);
  });
});

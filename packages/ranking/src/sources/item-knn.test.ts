import { expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  neighbours,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";

const snapshot = shop({
  items: ["bread", "butter", "jam", "knife"].map((id) => item(id)),
  signals: {
    "item-knn": neighbours({
      bread: { butter: 0.5, jam: 0.25 },
      knife: { jam: 0.5 },
    }),
  },
  tenantKnobs: only({ item_knn: 1 }),
});

it("adds up similarities over the history, by recency and type of event", () => {
  // bread: a purchase today, sqrt(8 × 1) = 2.83; knife: a view 120 days ago,
  // two half-lives, sqrt(1 × 1/4) = 0.5. butter 2.83 × 0.5 = 1.41 is the
  // largest; jam (2.83 × 0.25 + 0.5 × 0.5) / 1.41 = 0.5 + 0.25 / sqrt(2).
  const userState = user([event("bread"), event("knife", "view", 120)]);
  const result = rankIn(snapshot, { k: 2 }, { userState });
  expect(idsOf(result)).toEqual(["butter", "jam"]);
  expect(result.slate[0]?.score).toBe(1);
  expect(result.slate[1]?.score).toBeCloseTo(0.5 + 0.25 / Math.SQRT2, 6);
});

it("names the anchor that counted most", () => {
  const userState = user([event("bread", "view"), event("knife", "view", 1)]);
  const jam = rankIn(snapshot, { k: 2 }, { userState }).slate.find(
    ({ item_id }) => item_id === "jam",
  );
  expect(jam?.reasons[0]).toMatchObject({
    text: "Because you looked at KNIFE",
    anchor_item_id: "knife",
  });
});

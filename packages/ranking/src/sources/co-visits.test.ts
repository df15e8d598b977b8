import { expect, it } from "vitest";
import {
  idsOf,
  item,
  neighbours,
  only,
  rankIn,
  shop,
} from "../../test/shop.ts";

it("offers what its signal says of the anchor, best first", () => {
  const snapshot = shop({
    items: ["bread", "butter", "jam"].map((id) => item(id)),
    signals: {
      "co-visits": neighbours({ bread: { jam: 0.8, butter: 0.2 } }),
    },
    tenantKnobs: only({ co_visits: 0.5 }),
  });
  const result = rankIn(snapshot, { anchors: ["bread"], k: 2 });
  expect(idsOf(result)).toEqual(["jam", "butter"]);
  expect(result.slate.map(({ score }) => score)).toEqual([0.5, 0.125]);
  expect(result.slate[0]?.reasons[0]?.text).toBe(
    "Often chosen together with BREAD",
  );
});

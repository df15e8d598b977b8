import { DAY_MS, type FeatureRow } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  event,
  item,
  lists,
  NOW,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";
import { FEATURE_NAMES, FEATURES } from "./index.ts";

function named(row: FeatureRow | undefined): Record<string, unknown> {
  return Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, row?.[i]]));
}

describe("features", () => {
  const snapshot = shop({
    items: [
      item("a", { price: 3, created_at: NOW - 2 * DAY_MS, category: ["toys"] }),
      item("b", { category: ["toys"] }),
      item("c"),
    ],
    signals: { popularity: lists({ "": { a: 1, c: 0.5 } }) },
    tenantKnobs: only({ popularity: 1 }),
  });
  const userState = user([event("b", "purchase", 4), event("b", "view", 5)]);
  const result = rankIn(snapshot, { k: 1 }, { userState, sample: true });

  it("are logged for the slate and, in the sample, for what did not reach it", () => {
    expect(named(result.slate[0]?.features)).toMatchObject({
      signal_popularity: 1,
      signal_item_knn: null,
      item_popularity: 1,
      item_price: 3,
      item_age_days: 2,
      user_events: 2,
      user_items: 1,
      user_purchases: 1,
      user_idle_days: 4,
      user_category_items: 1,
      request_anchors: 0,
    });
    expect(result.candidates).toHaveLength(1);
    expect(result.candidates[0]?.item_id).toBe("c");
    expect(named(result.candidates[0]?.features)).toMatchObject({
      item_price: null,
      item_age_days: null,
      item_popularity: 0.5,
    });
    expect(result.removed).toEqual([
      { item_id: "c", stage: "slots", reason: "below_cut" },
    ]);
  });

  it("say nothing of the history without consent", () => {
    const denied = user([event("b")], { consent: "denied" });
    const { slate } = rankIn(snapshot, { k: 1 }, { userState: denied });
    expect(named(slate[0]?.features)).toMatchObject({
      user_events: 0,
      user_idle_days: null,
      user_category_items: 0,
    });
  });

  it("have a unique name, an owner and a policy for missing values", () => {
    const names = FEATURES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(result.features).toEqual(names);
    expect(result.slate[0]?.features).toHaveLength(names.length);
    for (const feature of FEATURES) {
      expect(feature.name).toMatch(/^[a-z][a-z0-9_]*$/);
      for (const key of ["owner", "definition", "source", "missing"] as const) {
        expect(feature[key].length).toBeGreaterThan(3);
      }
    }
  });
});

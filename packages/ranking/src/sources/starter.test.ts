import { describe, expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  NOW,
  only,
  rankIn,
  shop,
  user,
} from "../../test/shop.ts";

const snapshot = shop({
  items: [
    item("mug", { category: ["kitchen", "cups"], brand: "acme" }),
    item("tea", { category: ["food", "tea"], tags: ["green", "gift"] }),
    item("pan", { category: ["kitchen", "pans"], created_at: NOW }),
    item("pen", { brand: "acme" }),
    item("box"),
  ],
  tenantKnobs: { ...only({ starter: 1 }), "eligibility.exclude_seen": "none" },
  config: {
    segments: [
      {
        name: "newcomers",
        owner: "shop",
        rule: { field: "history.count", op: "lt", value: 100 },
        knobs: {},
        starter: {
          categories: { kitchen: 0.5 },
          tags: { gift: 0.4, green: 0.5 },
          brands: { acme: 0.2 },
          item_ids: { box: 1 },
        },
      },
    ],
  },
});

describe("the source starter", () => {
  it("scores an item by all parts of the profile that it belongs to", () => {
    const { slate } = rankIn(snapshot, { k: 5 });
    // tea: 1 − 0.6 × 0.5; mug: 1 − 0.5 × 0.8.
    expect(slate.map(({ item_id, score }) => [item_id, score])).toEqual([
      ["box", 1],
      ["tea", expect.closeTo(0.7, 12)],
      ["mug", expect.closeTo(0.6, 12)],
      ["pan", 0.5],
      ["pen", expect.closeTo(0.2, 12)],
    ]);
    expect(slate[0]?.reasons[0]?.text).toBe("A good place to start");
  });

  it("offers part by part in turn, the heaviest first and the newest of each", () => {
    const result = rankIn(
      snapshot,
      { k: 3, requestKnobs: { "starter.quota": 3 } },
      { sample: true },
    );
    // box (1), then of kitchen the newest (0.5, category before tag), then green.
    const offered = result.sources.find(({ source }) => source === "starter");
    expect(offered?.offered).toBe(3);
    expect(idsOf(result).sort()).toEqual(["box", "pan", "tea"]);
  });

  it("halves after so many events of the user, and again", () => {
    const score = (events: number) =>
      rankIn(
        snapshot,
        { k: 1, requestKnobs: { "starter.fade_events": 2 } },
        {
          userState: user(
            Array.from({ length: events }, (_, i) => event("pen", "view", i)),
          ),
        },
      ).slate[0]?.score;
    expect([0, 2, 4].map(score)).toEqual([1, 0.5, 0.25]);
  });

  it("stands still where the segment has no profile", () => {
    const plain = shop({ items: [item("mug")] });
    const report = rankIn(plain, { k: 1 }).sources.find(
      ({ source }) => source === "starter",
    );
    expect(report).toMatchObject({ outcome: "not-applicable", offered: 0 });
  });
});

import { DAY_MS, scoreParts } from "@recsys/contracts";
import { POPULARITY, TEA_ITEMS, teaShop } from "../test/tea-shop.ts";
import { describe, expect, it } from "vitest";
import {
  event,
  idsOf,
  item,
  lists,
  neighbours,
  NOW,
  only,
  rankIn,
  rule,
  shop,
  user,
} from "../test/shop.ts";

describe("the list", () => {
  it("is popularity for somebody unknown", () => {
    const result = rankIn(teaShop());
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
    expect(result.slate.map(({ score }) => score)).toEqual([0.2, 0.1, 0.05]);
    expect(result.degraded).toEqual([]);
  });

  it("puts the neighbours of what was bought first, with the reason", () => {
    // mug 1 × 0.8/0.8 + 0.2 × 0.25 = 1.05, pot 1 × 0.4/0.8 = 0.5, hat 0.2 × 1
    const result = rankIn(teaShop(), {}, { userState: user([event("tea")]) });
    expect(idsOf(result)).toEqual(["mug", "pot", "hat"]);
    expect(result.slate.map(({ score }) => score)).toEqual([1.05, 0.5, 0.2]);
    expect(result.slate[0]?.reasons).toEqual([
      {
        code: "item_knn_bought",
        text: "Because you bought TEA",
        source: "item_knn",
        anchor_item_id: "tea",
      },
      {
        code: "popular",
        text: "Popular with other customers",
        source: "popularity",
      },
    ]);
  });

  it("changes with one more event", () => {
    // spoon is near mug alone: 0.6 of the largest sum 0.8 (tea and mug, equal weight)
    const before = rankIn(teaShop(), {}, { userState: user([event("tea")]) });
    const after = rankIn(
      teaShop(),
      {},
      { userState: user([event("mug"), event("tea")]) },
    );
    expect(idsOf(before)).toEqual(["mug", "pot", "hat"]);
    expect(idsOf(after)).toEqual(["spoon", "pot", "hat"]);
  });

  it("starts from the anchors instead of the history", () => {
    const result = rankIn(
      teaShop(),
      { anchors: ["mug"], k: 2 },
      { userState: user([event("pot")]) },
    );
    expect(idsOf(result)).toEqual(["tea", "spoon"]);
    expect(result.slate[0]?.reasons[0]?.text).toBe(
      "People who chose MUG also chose this",
    );
  });

  it("does not use the history of somebody who did not consent", () => {
    const denied = { userState: user([event("tea")], { consent: "denied" }) };
    const result = rankIn(teaShop(), {}, denied);
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
    expect(
      result.sources.find(({ source }) => source === "item_knn"),
    ).toMatchObject({ outcome: "not-applicable" });
  });

  it("drops what the user disliked and damps what is like it", () => {
    // tea and spoon both lie near mug; after a dislike of mug tea's 1 × 0.8 is gone.
    const state = user([event("mug", "dislike"), event("pot", "view")]);
    const snapshot = teaShop({
      signals: {
        popularity: POPULARITY,
        "item-knn": neighbours({
          pot: { spoon: 0.5, scarf: 0.5 },
          mug: { spoon: 0.5 },
        }),
      },
    });
    // pot: weight sqrt(1) = 1; mug: -0.5. spoon 0.25 of 0.5, scarf 0.5 of 0.5.
    const result = rankIn(snapshot, {}, { userState: state });
    expect(idsOf(result)).toEqual(["scarf", "spoon", "hat"]);
    expect(result.slate[1]?.score).toBe(0.5);
  });

  it("says which signal is missing and goes on without it", () => {
    const snapshot = teaShop({
      signals: { popularity: POPULARITY },
      missing: { "item-knn": "its artifact is damaged" },
    });
    const result = rankIn(snapshot);
    expect(result.degraded).toEqual([
      { part: "source:item_knn", reason: "its artifact is damaged" },
    ]);
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
  });

  it("adds parts up to the score to the last bit", () => {
    const result = rankIn(
      teaShop({
        rules: [rule({ action: "BOOST", target: { item_ids: ["mug"] } })],
      }),
      {},
      { userState: user([event("tea")]) },
    );
    const parts = result.slate.map((each) => scoreParts(each, result));
    parts.forEach((ofItem, at) => {
      const sum = ofItem.reduce((total, each) => total + each.contribution, 0);
      expect(sum).toBe(result.slate[at]?.score);
    });
    expect(parts[0]?.map(({ part }) => part)).toEqual([
      "item_knn",
      "popularity",
      "rule:boost",
    ]);
  });
});

describe("a list that runs short", () => {
  it("is filled from deeper popularity without being degraded", () => {
    const knobs = { "popularity.quota": 1 };
    const result = rankIn(teaShop(), { requestKnobs: knobs });
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
    expect(result.degraded).toEqual([]);
  });

  it("takes the segment's own fallback list where it has one", () => {
    const snapshot = teaShop({
      signals: {},
      config: {
        segments: [
          {
            name: "drinkers",
            owner: "shop",
            rule: { all: [] },
            knobs: {},
          },
        ],
      },
      fallbacks: {
        lists: {
          home: {
            item_ids: ["hat", "scarf"],
            owner: "shop",
            expires_at: new Date(NOW + 1).toISOString(),
            source: "manual",
            segments: { drinkers: ["tea", "mug"] },
          },
        },
      },
    });
    const result = rankIn(snapshot, { k: 2, segment: "drinkers" });
    expect(idsOf(result)).toEqual(["tea", "mug"]);
    expect(result.degraded.at(-1)?.reason).toBe(
      "2 places were filled from the fallback list home for the segment drinkers",
    );
  });

  it("takes the owned fallback list next, and says so", () => {
    const snapshot = teaShop({
      signals: {},
      tenantKnobs: only({}),
      fallbacks: {
        lists: {
          home: {
            item_ids: ["scarf", "gone", "spoon", "tea"],
            owner: "shop",
            expires_at: "2026-01-01T00:00:00Z",
            source: "manual",
          },
        },
      },
    });
    const result = rankIn(snapshot);
    expect(idsOf(result)).toEqual(["scarf", "spoon", "tea"]);
    expect(result.degraded).toEqual([
      {
        part: "fallback",
        reason:
          "3 places were filled from the fallback list home, which has expired",
      },
    ]);
  });

  it("takes any eligible item last, by id", () => {
    const result = rankIn(shop({ items: TEA_ITEMS, tenantKnobs: only({}) }));
    expect(idsOf(result)).toEqual(["hat", "mug", "pot"]);
    expect(result.degraded.map(({ part }) => part)).toEqual(["backfill"]);
  });

  it("is short only when the catalogue has no more, with a warning", () => {
    const result = rankIn(teaShop(), { k: 10 });
    expect(result.slate).toHaveLength(6);
    expect(result.warnings.map(({ code }) => code)).toEqual(["FEWER_THAN_K"]);
  });

  it("is never empty without saying so", () => {
    const result = rankIn(shop({ items: [], tenantKnobs: only({}) }));
    expect(result.slate).toEqual([]);
    expect(result.warnings.map(({ code }) => code)).toEqual(["NO_ITEMS"]);
  });

  it("keeps personal order under a strict filter by asking for more", () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      item(`i${String(i).padStart(3, "0")}`, {
        tags: i >= 290 ? ["rare"] : [],
      }),
    );
    const row = Object.fromEntries(
      many.map(({ item_id }, i) => [item_id, 1 - i / 1000]),
    );
    const snapshot = shop({
      items: [...many, item("start")],
      signals: { "item-knn": neighbours({ start: row }) },
      tenantKnobs: only({ item_knn: 1 }),
    });
    const result = rankIn(
      snapshot,
      { constraints: { all_of: ["rare"] } },
      { userState: user([event("start")]) },
    );
    expect(idsOf(result)).toEqual(["i290", "i291", "i292"]);
    expect(result.counts["backfilled"]).toBe(0);
  });

  it("survives 5000 exclusions, all of them honoured", () => {
    const many = Array.from({ length: 5010 }, (_, i) => item(`i${i}`));
    const scores = Object.fromEntries(
      many.map(({ item_id }, i) => [item_id, 1 - i / 10_000]),
    );
    const snapshot = shop({
      items: many,
      signals: { popularity: lists({ "": scores }) },
      tenantKnobs: only({ popularity: 1 }),
    });
    const exclude = many.slice(0, 5000).map(({ item_id }) => item_id);
    const result = rankIn(snapshot, { exclude, k: 10 });
    expect(idsOf(result)).toEqual(
      many.slice(5000).map(({ item_id }) => item_id),
    );
    expect(result.counts["backfilled"]).toBe(0);
    expect(
      result.stages.find(({ stage }) => stage === "eligibility")?.removed,
    ).toEqual({ excluded: 5000 });
  });
});

describe("the caller's own items", () => {
  it("are ordered and nothing is added", () => {
    const result = rankIn(
      teaShop(),
      { include: ["spoon", "mug", "scarf"], route: "rerank", k: 5 },
      { userState: user([event("tea", "view", 2)]) },
    );
    expect(idsOf(result)).toEqual(["mug", "scarf", "spoon"]);
    expect(result.warnings.map(({ code }) => code)).toEqual(["FEWER_THAN_K"]);
  });

  it("are named when the catalogue does not know them", () => {
    const result = rankIn(teaShop(), { include: ["mug", "what"], k: 1 });
    expect(result.warnings).toEqual([
      {
        code: "ITEM_UNKNOWN",
        detail: "1 of 2 include_ids are not in the catalogue, such as what",
      },
    ]);
  });
});

it("counts an event from the future as now", () => {
  const state = user([{ item_id: "tea", type: "view", ts: NOW + DAY_MS }]);
  expect(idsOf(rankIn(teaShop(), {}, { userState: state }))[0]).toBe("mug");
});

import { DEFAULT_CONFIG, type Rule } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { idsOf, NOW, rankIn, rule } from "../test/shop.ts";
import { TEA_ITEMS, teaShop } from "../test/tea-shop.ts";

describe("rules", () => {
  const pin = rule({
    action: "PIN",
    target: { item_ids: ["spoon"] },
    position: 2,
  });

  it("place a pinned item where they say", () => {
    const result = rankIn(teaShop({ rules: [pin] }));
    expect(idsOf(result)).toEqual(["hat", "spoon", "scarf"]);
    expect(result.slate[1]?.reasons[0]).toEqual({
      code: "pinned",
      text: "Featured",
      source: "pinned",
      rule_id: "pin",
    });
  });

  it("let BLOCK win over PIN", () => {
    const block = rule({ action: "BLOCK", target: { item_ids: ["spoon"] } });
    const result = rankIn(teaShop({ rules: [pin, block] }));
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
  });

  it("let explicit exclusions win over PIN", () => {
    const result = rankIn(teaShop({ rules: [pin] }), { exclude: ["spoon"] });
    expect(idsOf(result)).toEqual(["hat", "scarf", "mug"]);
  });

  it("keep a pin in its place when a BURY would sink it", () => {
    const bury = rule({ action: "BURY", target: { item_ids: ["spoon"] } });
    const result = rankIn(teaShop({ rules: [pin, bury] }));
    expect(idsOf(result)[1]).toBe("spoon");
  });

  it("never lower an item when its boost is raised", () => {
    const ranks = [0, 0.03, 0.06, 0.5].map((amount) => {
      const boost = rule({
        action: "BOOST",
        target: { item_ids: ["mug"] },
        amount,
      });
      return idsOf(rankIn(teaShop({ rules: [boost] }))).indexOf("mug");
    });
    expect(ranks).toEqual([2, 2, 1, 0]);
  });

  it("let the highest priority decide between BOOST and BURY", () => {
    const boost = rule({ action: "BOOST", target: { item_ids: ["mug"] } });
    const bury = rule({
      action: "BURY",
      target: { item_ids: ["mug"] },
      priority: 2,
    });
    const { slate } = rankIn(teaShop({ rules: [boost, bury] }), { k: 6 });
    expect(slate.find(({ item_id }) => item_id === "mug")?.score).toBe(-0.45);
  });

  it("act only inside their window, surface and segment", () => {
    const outside = [
      { valid_until: new Date(NOW).toISOString() },
      { valid_from: new Date(NOW + 1).toISOString() },
      { surface: "cart" },
      { segment: "vip" },
      { enabled: false },
    ].map((facts, i) =>
      rule({
        action: "BLOCK",
        target: { item_ids: ["hat"] },
        ...facts,
        id: `b${i}`,
      }),
    );
    expect(idsOf(rankIn(teaShop({ rules: outside })))[0]).toBe("hat");
  });

  describe("with expressions", () => {
    const priced = (rules: Rule[], extra = {}) =>
      teaShop({
        items: TEA_ITEMS.map((each, i) => ({ ...each, price: i + 1 })),
        rules,
        ...extra,
      });

    it("concern the items for which they hold", () => {
      const block = rule({
        action: "BLOCK",
        target: { where: "item.price > 4" },
      });
      const result = rankIn(priced([block]), { whyNot: ["hat"] });
      expect(idsOf(result)).toEqual(["mug", "pot", "spoon"]);
      expect(result.whyNot[0]).toMatchObject({ reason: "blocked:block" });
    });

    it("narrow the other parts of a target", () => {
      const target = {
        item_ids: ["scarf", "mug"],
        where: "item.price < 3",
      };
      const pin = rule({ action: "PIN", target });
      expect(idsOf(rankIn(priced([pin])))[0]).toBe("mug");
    });

    it("give the amount, held within 0 and 10", () => {
      const scores = ["item.price / 10", "item.price * 100", "0 - 5"].map(
        (amount) => {
          const boost = rule({
            action: "BOOST",
            target: { item_ids: ["hat"] },
            amount,
          });
          const { slate } = rankIn(priced([boost]), { k: 6 });
          return slate.find(({ item_id }) => item_id === "hat")?.rule?.amount;
        },
      );
      expect(scores).toEqual([0.5, 10, 0]);
    });

    it("ask about the user and the request", () => {
      const block = rule({
        action: "BLOCK",
        target: { where: 'context.country = "France" and item.price > 4' },
      });
      const config = {
        ...DEFAULT_CONFIG,
        schema: {
          ...DEFAULT_CONFIG.schema,
          context: { country: { type: "string" } },
        },
      } as const;
      const shop = priced([block], { config });
      const french = rankIn(shop, { context: { country: "France" } });
      expect(idsOf(french)).not.toContain("hat");
      expect(idsOf(rankIn(shop))).toContain("hat");
    });

    it("that do not fit the schema any more are not in force, and say so", () => {
      const block = rule({
        action: "BLOCK",
        target: { where: "item.attributes.gone > 4" },
      });
      const result = rankIn(priced([block]));
      expect(idsOf(result)).toContain("hat");
      expect(result.degraded).toContainEqual({
        part: "rules",
        reason:
          "the expressions of block do not fit the schema of the catalogue",
      });
    });
  });
});

describe("what rules did", () => {
  it("is told for those that met an item", () => {
    const set = [
      rule({ id: "a", action: "BLOCK", target: { item_ids: ["hat"] } }),
      rule({ id: "b", action: "PIN", target: { item_ids: ["spoon"] } }),
      rule({ id: "c", action: "BOOST", target: { item_ids: ["mug", "pot"] } }),
      rule({ id: "d", action: "BURY", target: { tags: ["none"] } }),
    ];
    const result = rankIn(teaShop({ rules: set }), {
      requestKnobs: { "popularity.weight": 1 },
      k: 2,
    });
    expect(idsOf(result)).toEqual(["spoon", "mug"]);
    expect(result.rules).toEqual([
      { id: "a", applied: 1, listed: 0 },
      { id: "b", applied: 1, listed: 1 },
      { id: "c", applied: 2, listed: 1 },
    ]);
  });

  it("of campaigns, lists and overrides counts as of rules", () => {
    const until = new Date(NOW + 1000).toISOString();
    const target = { list: "picks" };
    const shop = teaShop({
      rules: [
        rule({ id: "pinned", action: "PIN", target, campaign: "spring" }),
      ],
      ruleSet: {
        campaigns: [
          {
            id: "spring",
            title: "Spring",
            owner: "o",
            enabled: true,
            valid_until: until,
          },
        ],
        lists: [
          {
            id: "picks",
            title: "Picks",
            owner: "o",
            item_ids: ["spoon", "pot"],
            expires_at: until,
          },
        ],
        overrides: [
          {
            id: "mo-1",
            action: "suppress",
            item_id: "hat",
            author: "o",
            reason: "broken",
            created_at: new Date(NOW - 1000).toISOString(),
            expires_at: until,
          },
        ],
      },
    });
    expect(idsOf(rankIn(shop))).toEqual(["spoon", "pot", "scarf"]);
    const later = rankIn(shop, {}, { now: NOW + 1000 });
    expect(idsOf(later)).toEqual(["hat", "scarf", "mug"]);
  });
});

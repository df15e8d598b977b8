import { scoreParts } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  only,
  rankIn,
  rates,
  shop,
} from "../../test/shop.ts";

const shopOf = (margins: Readonly<Record<string, number | undefined>>) =>
  shop({
    items: Object.entries(margins).map(([id, margin]) =>
      item(id, margin === undefined ? {} : { margin }),
    ),
    signals: { popularity: lists({ "": { a: 0.9, b: 0.6, c: 0.5, d: 0.4 } }) },
    tenantKnobs: only({ popularity: 1 }),
  });

describe("utility_margin", () => {
  const snapshot = shopOf({ a: 0.1, b: undefined, c: 0.4, d: -0.5 });
  const ranked = (weight: number) =>
    rankIn(snapshot, {
      k: 4,
      requestKnobs: { "utility_margin.weight": weight },
    });

  it("moves the list: the dearer the margin is to the shop, the higher what earns it", () => {
    expect(idsOf(ranked(0))).toEqual(["a", "b", "c", "d"]);
    expect(idsOf(ranked(1))).toEqual(["a", "c", "b", "d"]);
    expect(idsOf(ranked(2))).toEqual(["c", "a", "b", "d"]);
  });

  it("adds weight × margin, and nothing for a loss or where none is known", () => {
    const result = ranked(2);
    const parts = result.slate.map((each) => scoreParts(each, result));
    expect(parts[0]).toEqual([
      { part: "popularity", raw: 0.5, weight: 1, contribution: 0.5 },
      { part: "utility_margin", raw: 0.4, weight: 2, contribution: 0.8 },
    ]);
    expect(result.slate[0]?.score).toBeCloseTo(1.3, 12);
    expect(parts[2]).toHaveLength(1);
    expect(parts[3]).toHaveLength(1);
  });
});

describe("the terms of rates", () => {
  const EVEN = { a: 0.5, b: 0.5, c: 0.5, d: 0.5 };
  const measured = rates(
    {
      a: { click: 0.1, purchase: 0.4, hide: 1, return: 0.2, exposure: 1 },
      b: { click: 0.9, purchase: 0.1, hide: 0, return: 0.9, exposure: 0.6 },
      c: { click: 0.5, purchase: 0.9, hide: 0.2, return: 0, exposure: 0.3 },
    },
    { click: 0.3, hide: 0.1, return: 0.1 },
  );
  const snapshot = shop({
    items: Object.keys(EVEN).map((id) => item(id)),
    signals: { popularity: lists({ "": EVEN }), "item-rates": measured },
    tenantKnobs: only({ popularity: 1 }),
  });

  it.each([
    ["utility_click", 1, "b c d a", 0.9],
    ["utility_purchase", 1, "c a b d", 0.9],
    ["utility_hide", -1, "b d c a", 0],
    ["utility_return", -1, "c d a b", 0],
    ["utility_exposure", 1, "d c b a", 1],
  ])("%s orders equals by its rate", (...[term, sign, order, first]) => {
    const requestKnobs = { [`${term}.weight`]: 2 };
    const result = rankIn(snapshot, { k: 4, requestKnobs });
    expect(idsOf(result)).toEqual(order.split(" "));
    expect(result.terms).toEqual([{ term, weight: 2 * sign }]);
    expect(result.slate[0]?.terms?.[0]).toBeCloseTo(first, 6);
    for (const each of result.slate) {
      const parts = scoreParts(each, result);
      const sum = parts.reduce((total, part) => total + part.contribution, 0);
      expect(sum).toBe(each.score);
    }
  });

  it("say that they have nothing to say without the signal", () => {
    const bare = shop({
      items: [item("a")],
      missing: { "item-rates": "no manifest is published yet" },
    });
    const requestKnobs = { "utility_click.weight": 1 };
    const result = rankIn(bare, { k: 1, requestKnobs });
    expect(result.terms).toEqual([]);
    expect(result.degraded).toContainEqual({
      part: "term:utility_click",
      reason: "no manifest is published yet",
    });
    expect(rankIn(bare, { k: 1 }).degraded).not.toContainEqual(
      expect.objectContaining({ part: "term:utility_click" }),
    );
  });
});

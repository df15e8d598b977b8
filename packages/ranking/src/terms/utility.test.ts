import { scoreParts } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, shop } from "../../test/shop.ts";

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

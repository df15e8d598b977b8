import { describe, expect, it } from "vitest";
import { item, rankIn, rule } from "../test/shop.ts";
import { TEA_ITEMS, teaShop } from "../test/tea-shop.ts";

describe("why not", () => {
  it("tells for any item of the catalogue where it went", () => {
    const snapshot = teaShop({
      items: [...TEA_ITEMS, item("sold", { stock: 0 })],
      rules: [
        rule({ action: "BLOCK", target: { item_ids: ["pot"] }, id: "no-pots" }),
      ],
    });
    const result = rankIn(snapshot, {
      k: 2,
      whyNot: ["hat", "mug", "spoon", "pot", "sold", "nowhere"],
    });
    expect(
      result.whyNot.map(({ item_id, stage, reason }) => [
        item_id,
        stage,
        reason,
      ]),
    ).toEqual([
      ["hat", "slate", "listed"],
      ["mug", "slots", "below_cut"],
      ["spoon", "sources", "not_offered"],
      ["pot", "eligibility", "blocked:no-pots"],
      ["sold", "eligibility", "out_of_stock"],
      ["nowhere", "catalogue", "item_unknown"],
    ]);
    expect(result.whyNot[2]?.text).toBe(
      "No source offered this item; its score would have been 0, the last item of the list has 0.1.",
    );
  });
});

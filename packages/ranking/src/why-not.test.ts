import type { WhyNot } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RICH_IDS, RICH_USER, richShop } from "../test/rich-shop.ts";
import { item, lists, only, rankIn, rule, shop } from "../test/shop.ts";
import { TEA_ITEMS, teaShop } from "../test/tea-shop.ts";

const stageAndReason = ({ item_id, stage, reason }: WhyNot) => [
  item_id,
  stage,
  reason,
];

describe("why not", () => {
  it("tells for any item of the catalogue where it went", () => {
    const snapshot = teaShop({
      items: [...TEA_ITEMS, item("sold", { stock: 0 })],
      rules: [
        rule({ action: "BLOCK", target: { item_ids: ["pot"] }, id: "no-pots" }),
      ],
    });
    const { whyNot } = rankIn(snapshot, {
      k: 2,
      whyNot: ["hat", "mug", "spoon", "pot", "sold", "nowhere"],
    });
    expect(whyNot.map(stageAndReason)).toEqual([
      ["hat", "slate", "listed"],
      ["mug", "slots", "below_cut"],
      ["spoon", "sources", "not_offered"],
      ["pot", "eligibility", "blocked:no-pots"],
      ["sold", "eligibility", "out_of_stock"],
      ["nowhere", "catalogue", "item_unknown"],
    ]);
    expect(whyNot.map(({ offered }) => offered)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(whyNot[0]).toMatchObject({ rank: 1, score: 0.2 });
    // The last item of the list, scarf, has 0.1; mug has 0.05.
    expect(whyNot[1]).toMatchObject({ score: 0.05, missed_by: 0.05 });
    expect(whyNot[2]).toMatchObject({ score: 0, missed_by: 0.1 });
    expect(whyNot[2]?.text).toBe(
      "No source offered this item; its score would have been 0, the last item of the list has 0.1.",
    );
    expect(whyNot[3]).toMatchObject({ cause: "no-pots" });
  });

  it("names the cap that took an item out, and says when it came back", () => {
    const scores = { a1: 1, a2: 0.9, a3: 0.8, b1: 0.6 };
    const snapshot = shop({
      items: Object.keys(scores).map((id) =>
        item(id, { brand: id.slice(0, 1) }),
      ),
      signals: { popularity: lists({ "": scores }) },
      tenantKnobs: only({ popularity: 1 }),
    });
    const { whyNot } = rankIn(snapshot, {
      k: 3,
      constraints: { max_per_brand: 1 },
      whyNot: ["a2", "a3"],
    });
    expect(whyNot[0]).toMatchObject({
      reason: "listed",
      rank: 3,
      removed_before: { stage: "diversity", reason: "cap_brand" },
    });
    expect(whyNot[1]).toMatchObject({
      stage: "diversity",
      reason: "cap_brand",
      cause: "brand=a",
    });
  });

  it("answers for every item as the stages recorded, whatever is asked", () => {
    const requests = fc.record({
      k: fc.integer({ min: 1, max: 70 }),
      exclude: fc.subarray(RICH_IDS, { maxLength: 8 }),
      shown: fc.subarray(RICH_IDS, { maxLength: 8 }),
      anchors: fc.subarray(RICH_IDS, { maxLength: 2 }),
      include: fc.option(fc.subarray(RICH_IDS), { freq: 6 }),
      constraints: fc.record(
        {
          max_per_brand: fc.integer({ min: 1, max: 5 }),
          none_of: fc.constant<string[]>(["tag-2"]),
          max_price: fc.integer({ min: 10, max: 60 }),
        },
        { requiredKeys: [] },
      ),
      requestKnobs: fc.record(
        {
          "popularity.quota": fc.integer({ min: 1, max: 40 }),
          "diversity.mmr_lambda": fc.constantFrom(0.4, 1),
        },
        { requiredKeys: [] },
      ),
    });
    const snapshot = richShop();
    fc.assert(
      fc.property(requests, (asked) => {
        const result = rankIn(
          snapshot,
          { ...asked, whyNot: RICH_IDS },
          { userState: RICH_USER, sample: true },
        );
        const counted: Record<string, number> = {};
        for (const each of result.whyNot) {
          const { offered, removed_before: first = each } = each;
          if (!offered || first.reason === "listed") continue;
          const key = `${first.stage} ${first.reason.split(":")[0] ?? ""}`;
          counted[key] = (counted[key] ?? 0) + 1;
        }
        const recorded = Object.fromEntries(
          result.stages.flatMap(({ stage, removed }) =>
            Object.entries(removed)
              .filter(([reason]) => reason !== "duplicate")
              .map(([reason, count]) => [`${stage} ${reason}`, count]),
          ),
        );
        expect(counted).toEqual(recorded);
        const isOut = (each: WhyNot) => each.offered && each.stage !== "slate";
        expect(
          result.whyNot
            .filter(isOut)
            .map(stageAndReason)
            .sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
        ).toEqual(result.removed.map(stageAndReason as never));
        expect(
          result.whyNot
            .filter(({ stage }) => stage === "slate")
            .map(({ item_id, rank }) => [item_id, rank]),
        ).toEqual(
          [...result.slate]
            .sort((a, b) => (a.item_id < b.item_id ? -1 : 1))
            .map(({ item_id, rank }) => [item_id, rank]),
        );
      }),
      { numRuns: 200 },
    );
  });

  it("changes nothing of the list and of what is logged", () => {
    const asked = { k: 5 };
    const more = { userState: RICH_USER, sample: true };
    const snapshot = richShop();
    const plain = rankIn(snapshot, asked, more);
    const { whyNot, ...rest } = rankIn(
      snapshot,
      { ...asked, whyNot: RICH_IDS },
      more,
    );
    expect(whyNot).toHaveLength(RICH_IDS.length);
    expect({ ...rest, whyNot: [] }).toEqual(plain);
    expect(rankIn(snapshot, asked, more)).toEqual(plain);
  });
});

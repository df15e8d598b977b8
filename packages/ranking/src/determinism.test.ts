import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RICH_IDS, RICH_USER, richShop } from "../test/rich-shop.ts";
import { rankIn } from "../test/shop.ts";

const asked = {
  k: 12,
  context: { country: "France" },
  exclude: ["item-01", "item-02"],
  shown: ["item-07"],
  requestKnobs: { "diversity.mmr_lambda": 0.7, "new_items.weight": 0.3 },
};
const more = { userState: RICH_USER, sample: true };
const shuffled = (ids: readonly string[]) =>
  fc.shuffledSubarray([...ids], { minLength: ids.length });

describe("the same record", () => {
  it("gives the same result to the last bit, whatever was ranked between", () => {
    const snapshot = richShop();
    const first = rankIn(snapshot, asked, more);
    rankIn(snapshot, { k: 60, anchors: ["item-10"] });
    expect(rankIn(snapshot, asked, more)).toEqual(first);
  });

  it("gives the same result in any order of catalogue and artifacts", () => {
    const usual = rankIn(richShop(), asked, more);
    fc.assert(
      fc.property(
        shuffled(RICH_IDS),
        shuffled(RICH_IDS),
        (items, artifacts) => {
          const other = rankIn(richShop({ items, artifacts }), asked, more);
          expect(other).toEqual(usual);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("gives the same list in any order of the ids of the request", () => {
    const anchors = ["item-10", "item-20", "item-30"];
    const include = RICH_IDS.slice(0, 30);
    const usual = rankIn(richShop(), { ...asked, anchors, include }, more);
    fc.assert(
      fc.property(shuffled(anchors), shuffled(include), (a, i) => {
        const other = rankIn(
          richShop(),
          { ...asked, anchors: a, include: i, exclude: ["item-02", "item-01"] },
          more,
        );
        expect(other).toEqual(usual);
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same list in any order of the events", () => {
    const usual = rankIn(richShop(), asked, more);
    const events = RICH_USER.events;
    fc.assert(
      fc.property(fc.shuffledSubarray([...events], { minLength: 6 }), (e) => {
        const userState = { ...RICH_USER, events: e };
        expect(rankIn(richShop(), asked, { ...more, userState })).toEqual(
          usual,
        );
      }),
      { numRuns: 20 },
    );
  });

  it("scores an item the same with and without the others in the pool", () => {
    const all = rankIn(richShop(), { k: 60 }, more);
    const scores = new Map(
      all.slate.map(({ item_id, score }) => [item_id, score]),
    );
    for (const id of ["item-10", "item-33", "item-52"]) {
      const alone = rankIn(richShop(), { include: [id] }, more);
      expect(alone.slate[0]?.score).toBe(scores.get(id));
    }
  });

  it("breaks ties by item id", () => {
    const { slate } = rankIn(richShop({}, { signals: {}, rules: [] }), {
      k: 4,
    });
    expect(slate.map(({ item_id }) => item_id)).toEqual([
      "item-00",
      "item-01",
      "item-02",
      "item-03",
    ]);
  });
});

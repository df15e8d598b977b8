import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  neighbours,
  only,
  rankIn,
  rule,
  shop,
} from "../../test/shop.ts";

const SCORES = { a1: 1, a2: 0.9, a3: 0.8, b1: 0.6, c1: 0.5 };

function brandShop(more: Partial<Parameters<typeof shop>[0]> = {}) {
  return shop({
    items: Object.keys(SCORES).map((id) =>
      item(id, { brand: id.slice(0, 1), category: [id.slice(0, 1)] }),
    ),
    signals: { popularity: lists({ "": SCORES }) },
    tenantKnobs: only({ popularity: 1 }),
    ...more,
  });
}

describe("diversity", () => {
  it("is off by default: the order is that of scores", () => {
    expect(idsOf(rankIn(brandShop(), { k: 4 }))).toEqual([
      "a1",
      "a2",
      "a3",
      "b1",
    ]);
  });

  it("prefers what is unlike the list so far, and nothing sorts it back", () => {
    // λ 0.5: after a1, a2 scores 0.45 − 0.5 × 1, b1 0.30, c1 0.25; then c1 0.25 beats a2 −0.05.
    const requestKnobs = { "diversity.mmr_lambda": 0.5 };
    const result = rankIn(brandShop(), { k: 4, requestKnobs });
    expect(idsOf(result)).toEqual(["a1", "b1", "c1", "a2"]);
    expect(result.slate.map(({ score }) => score)).toEqual(
      [1, 0.6, 0.5, 0.9].map((each) => Math.fround(each)),
    );
    // Of six pairs only a1-a2 share brand and category.
    expect(result.diversity).toEqual({
      intra_list_similarity: 1 / 6,
      distinct_brands: 3,
      distinct_categories: 3,
      calibration_kl: null,
    });
  });

  it("looks no further than its window", () => {
    const requestKnobs = {
      "diversity.mmr_lambda": 0.5,
      "diversity.window": 2,
    };
    // After a1 the window holds a2 and a3 only.
    expect(idsOf(rankIn(brandShop(), { k: 3, requestKnobs }))).toEqual([
      "a1",
      "a2",
      "b1",
    ]);
  });

  it("can take the content signal for likeness", () => {
    const snapshot = brandShop({
      signals: {
        popularity: lists({ "": SCORES }),
        content: neighbours({ a1: { b1: 1 }, c1: {}, a2: {}, a3: {} }),
      },
    });
    const requestKnobs = {
      "diversity.mmr_lambda": 0.5,
      "diversity.similarity": "content",
    };
    expect(idsOf(rankIn(snapshot, { k: 4, requestKnobs }))).toEqual([
      "a1",
      "a2",
      "a3",
      "c1",
    ]);
  });

  it("keeps caps by brand and names what it took out", () => {
    const result = rankIn(brandShop(), {
      k: 3,
      constraints: { max_per_brand: 1 },
      whyNot: ["a2"],
    });
    expect(idsOf(result)).toEqual(["a1", "b1", "c1"]);
    expect(result.whyNot[0]).toMatchObject({
      stage: "diversity",
      reason: "cap_brand",
    });
  });

  it("takes the stricter of constraint and knob", () => {
    const requestKnobs = { "diversity.max_per_category": 2 };
    const two = rankIn(brandShop(), {
      k: 4,
      requestKnobs,
      constraints: { max_per_category: 3 },
    });
    expect(idsOf(two)).toEqual(["a1", "a2", "b1", "c1"]);
  });

  it("relaxes caps only when nothing else is left, with a warning", () => {
    const result = rankIn(brandShop(), {
      k: 5,
      constraints: { max_per_brand: 1 },
    });
    expect(idsOf(result)).toEqual(["a1", "b1", "c1", "a2", "a3"]);
    expect(result.warnings.map(({ code }) => code)).toEqual(["CAPS_RELAXED"]);
  });

  it("counts pins against the caps", () => {
    const snapshot = brandShop({
      rules: [rule({ action: "PIN", target: { item_ids: ["a3"] } })],
    });
    const constraints = { max_per_brand: 1 };
    expect(idsOf(rankIn(snapshot, { k: 3, constraints }))).toEqual([
      "a3",
      "b1",
      "c1",
    ]);
  });
});

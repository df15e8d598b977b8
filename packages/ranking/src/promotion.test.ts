import { describe, expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, rule, shop } from "../test/shop.ts";

const SCORES = { a: 0.9, b: 0.8, c: 0.7, d: 0.6, e: 0.5, f: 0.4, g: 0.3 };
const PAID = ["a", "b", "c", "g"];

const snapshot = (more: Partial<Parameters<typeof shop>[0]> = {}) =>
  shop({
    items: Object.keys(SCORES).map((id) =>
      item(id, PAID.includes(id) ? { sponsored: true } : {}),
    ),
    signals: { popularity: lists({ "": SCORES }) },
    tenantKnobs: only({ popularity: 1, pinned: 0 }),
    ...more,
  });
const pin = (item_ids: string[], position = 1) =>
  rule({ action: "PIN", target: { item_ids }, position });

describe("sponsored items", () => {
  it("are at most two of a list unless said, and each is labelled", () => {
    const { slate, stages } = rankIn(snapshot(), { k: 5 });
    expect(slate.map(({ item_id }) => item_id)).toEqual([
      "a",
      "b",
      "d",
      "e",
      "f",
    ]);
    expect(slate.map(({ sponsored }) => sponsored ?? false)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(slate[0]?.reasons[0]).toEqual({
      code: "sponsored",
      text: "Sponsored",
    });
    expect(slate[2]).not.toHaveProperty("sponsored");
    const diversity = stages.find(({ stage }) => stage === "diversity");
    expect(diversity?.removed).toEqual({ cap_sponsored: 1 });
  });

  it.each([
    [0, "d e f"],
    [1, "a d e f"],
    [3, "a b c d e"],
  ])(
    "are at most %i where the knob says so, even where the list is short",
    (most, list) => {
      const requestKnobs = { "slots.sponsored_max": most };
      const result = rankIn(snapshot(), { k: 5, requestKnobs });
      expect(idsOf(result)).toEqual(list.split(" "));
      const isShort = list.split(" ").length < 5;
      expect(result.warnings.map(({ code }) => code)).toEqual(
        isShort ? ["FEWER_THAN_K"] : [],
      );
    },
  );

  it("do not come back where caps per brand yield", () => {
    const items = Object.keys(SCORES).map((id) =>
      item(id, {
        brand: "x",
        ...(PAID.includes(id) ? { sponsored: true } : {}),
      }),
    );
    const requestKnobs = { "diversity.max_per_brand": 1 };
    const result = rankIn(snapshot({ items }), { k: 7, requestKnobs });
    expect(idsOf(result)).toEqual(["a", "b", "d", "e", "f"]);
  });

  it("count when they are pinned, and the pin that is one too many is no pin", () => {
    const rules = [pin(["g", "c", "b"], 2)];
    const result = rankIn(snapshot({ rules }), { k: 5 });
    expect(idsOf(result)).toEqual(["d", "g", "c", "e", "f"]);
    expect(result.warnings[0]).toEqual({
      code: "PIN_NOT_PLACED",
      detail:
        "rule pin: b would be one too many of the sponsored items (slots.sponsored_max)",
    });
  });
});

describe("slots.promoted_share", () => {
  it("bounds pins and sponsored items together, pins first", () => {
    const rules = [pin(["f", "e"], 4)];
    const list = (share: number) =>
      idsOf(
        rankIn(snapshot({ rules }), {
          k: 5,
          requestKnobs: { "slots.promoted_share": share },
        }),
      );
    expect(list(1)).toEqual(["a", "b", "d", "f", "e"]);
    expect(list(0.6)).toEqual(["a", "d", "f", "e"]);
    expect(list(0.2)).toEqual(["d", "e", "f"]);
    expect(list(0)).toEqual(["d", "e", "f"]);
  });
});

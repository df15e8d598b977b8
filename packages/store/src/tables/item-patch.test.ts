import { describe, expect, it } from "vitest";
import { mergeKeys, patchItem, toUnixMs } from "./item-patch.ts";

const MUG = patchItem(null, {
  item_id: "mug",
  price: 4.5,
  tags: ["kitchen"],
  created_at: "2026-01-31T12:00:00Z",
  attributes: { colour: "red", volume: 0.3 },
});

describe("patchItem", () => {
  it("makes a new item available, with empty lists", () => {
    expect(patchItem(null, { item_id: "mug" })).toEqual({
      item_id: "mug",
      available: true,
      tags: [],
      category: [],
      attributes: {},
    });
  });

  it("keeps what the update leaves out", () => {
    const next = patchItem(MUG, { item_id: "mug", title: "Mug" });
    expect(next).toEqual({ ...MUG, title: "Mug" });
  });

  it("clears what the update sends as null", () => {
    const next = patchItem(MUG, {
      item_id: "mug",
      price: null,
      tags: null,
      created_at: null,
    });
    expect(next).not.toHaveProperty("price");
    expect(next).not.toHaveProperty("created_at");
    expect(next.tags).toEqual([]);
  });

  it("keeps and clears whose it is, what it earns and who pays", () => {
    const paid = patchItem(MUG, {
      item_id: "mug",
      provider_id: "potter",
      margin: -0.1,
      sponsored: true,
    });
    expect(paid).toMatchObject({
      provider_id: "potter",
      margin: -0.1,
      sponsored: true,
    });
    const nobody = { provider_id: null, margin: null, sponsored: null };
    expect(patchItem(paid, { item_id: "mug", ...nobody })).toEqual(MUG);
  });

  it("merges attributes key by key", () => {
    const next = patchItem(MUG, {
      item_id: "mug",
      attributes: { colour: null, handle: true },
    });
    expect(next.attributes).toEqual({ volume: 0.3, handle: true });
  });
});

describe("mergeKeys", () => {
  it("takes a key named __proto__ for a key", () => {
    const patch = JSON.parse('{"__proto__": "x"}') as Record<string, string>;
    expect(Object.keys(mergeKeys({}, patch))).toEqual(["__proto__"]);
  });
});

describe("toUnixMs", () => {
  it.each([
    ["2026-01-31T12:00:00Z", 1769860800000],
    ["2026-01-31 12:00:00z", 1769860800000],
    ["2026-01-31t13:00:00.123456789+01:00", 1769860800123],
    ["2026-13-31T12:00:00Z", NaN],
  ])("reads %s", (text, ms) => {
    expect(toUnixMs(text)).toBe(ms);
  });
});

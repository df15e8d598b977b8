import { describe, expect, it } from "vitest";
import { item, neighbours, shop } from "../test/shop.ts";
import { relatedItems } from "./related-items.ts";

describe("relatedItems", () => {
  const snapshot = shop({
    items: ["tea", "mug", "pot", "cup"].map((id) => item(id)),
    signals: {
      "item-knn": neighbours({ tea: { mug: 0.5, pot: 0.6 } }),
      content: neighbours({ tea: { mug: 0.3, cup: 0.1, gone: 1 } }),
    },
  });

  it("has the item first, then its neighbours by the sum of what signals say", () => {
    // mug 0.5 + 0.3, pot 0.6, cup 0.1; what left the catalogue is not there.
    expect(relatedItems(snapshot, "tea", 9)).toEqual([
      "tea",
      "mug",
      "pot",
      "cup",
    ]);
    expect(relatedItems(snapshot, "tea", 2)).toEqual(["tea", "mug"]);
  });

  it("is the item alone where no signal knows it, and nothing where there is none", () => {
    expect(relatedItems(snapshot, "cup", 9)).toEqual(["cup"]);
    expect(relatedItems(snapshot, "nothing", 9)).toEqual([]);
  });
});

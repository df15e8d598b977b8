import type { Constraints } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { idsOf, item, lists, only, rankIn, shop } from "../test/shop.ts";

const SCORES = { a: 0.9, b: 0.8, c: 0.7, d: 0.6, e: 0.5 };
const of = (id: string, colour: string | string[], more = {}) =>
  item(id, { attributes: { colour }, ...more });

const SHOP = shop({
  items: [
    of("a", "red", { provider_id: "p1", brand: "x" }),
    of("b", "red", { provider_id: "p1", brand: "x" }),
    of("c", ["red", "blue"], { provider_id: "p2" }),
    of("d", ["blue"], { provider_id: "p1", brand: "x" }),
    item("e"),
  ],
  signals: { popularity: lists({ "": SCORES }) },
  tenantKnobs: only({ popularity: 1 }),
});

const listed = (
  most: NonNullable<Constraints["max_per_attribute"]>,
  requestKnobs = {},
) => {
  const constraints = { max_per_attribute: most };
  const asked = { k: 3, constraints, requestKnobs, whyNot: ["b"] };
  return rankIn(SHOP, asked);
};

describe("max_per_attribute", () => {
  it("limits providers, brands and categories", () => {
    expect(idsOf(listed({ provider_id: 1 }))).toEqual(["a", "c", "e"]);
    expect(idsOf(listed({ brand: 1 }))).toEqual(["a", "c", "e"]);
    expect(idsOf(listed({ category: 1 }))).toEqual(["a", "b", "c"]);
  });

  it("limits each value of an attribute of the schema, and says why one is missing", () => {
    const result = listed({ "attributes.colour": 1 });
    // c is red as well; d is blue, and e has no colour at all.
    expect(idsOf(result)).toEqual(["a", "d", "e"]);
    expect(result.whyNot[0]).toMatchObject({
      stage: "diversity",
      reason: "cap_attribute",
    });
  });

  it("takes the stricter of several limits", () => {
    const knobs = { "diversity.max_per_provider": 2 };
    expect(idsOf(listed({ provider_id: 5 }, knobs))).toEqual(["a", "b", "c"]);
    expect(idsOf(listed({ provider_id: 1 }, knobs))).toEqual(["a", "c", "e"]);
  });
});

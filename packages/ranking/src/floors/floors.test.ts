import { DEFAULT_CONFIG, type Floor, type Item } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  only,
  rankIn,
  rule,
  shop,
} from "../../test/shop.ts";
import { wantedPlaces } from "./floors.ts";

/** Twenty items of the large provider, then four of the small one, then two that no signal knows. */
const LARGE = Array.from({ length: 20 }, (_, i) => `l${10 + i}`);
const SMALL = ["s1", "s2", "s3", "s4"];
const SCORES = Object.fromEntries(
  [...LARGE, ...SMALL].map((id, i) => [id, 1 - i / 50]),
);

function catalogue(facts: (id: string) => Partial<Item> = () => ({})): Item[] {
  const of = (provider_id: string) => (id: string) =>
    item(id, { provider_id, ...facts(id) });
  return [
    ...LARGE.map(of("large")),
    ...SMALL.map(of("small")),
    ...["n1", "n2"].map(of("new")),
  ];
}

function withFloors(
  floors: readonly Floor[],
  more: Partial<Parameters<typeof shop>[0]> = {},
) {
  const home = DEFAULT_CONFIG.surfaces["home"];
  if (home === undefined) throw new Error("there is a home");
  const fair = {
    owner: "market",
    description: "Everybody gets a share.",
    knobs: {},
    floors: [...floors],
  };
  return shop({
    items: catalogue(),
    signals: { popularity: lists({ "": SCORES }) },
    tenantKnobs: only({ popularity: 1 }),
    config: {
      surfaces: { home: { ...home, slate_policy: "fair" } },
      slate_policies: { fair },
    },
    ...more,
  });
}

const small = (min_share: number): Floor => ({
  name: "small",
  provider_id: "small",
  min_share,
});

describe("an exposure floor", () => {
  it("lifts the best of its items into the lowest places, best first", () => {
    const result = rankIn(withFloors([small(0.2)]), { k: 10 });
    expect(idsOf(result)).toEqual([...LARGE.slice(0, 8), "s1", "s2"]);
    expect(result.floors).toEqual([
      { floor: "small", wanted: 2, found: 0, lifted: ["s1", "s2"] },
    ]);
    const slots = result.stages.find(({ stage }) => stage === "slots");
    expect(slots).toMatchObject({ in: 24, out: 10 });
    expect(slots?.removed).toEqual({ floor: 2, below_cut: 12 });
  });

  it("does nothing where the list has its share anyway, and names those that it has", () => {
    const where = "item.price > 5";
    const dear = { name: "dear", where, min_share: 0.3 };
    const items = catalogue((id) => ({ price: id < "l13" ? 9 : 1 }));
    const result = rankIn(withFloors([dear], { items }), { k: 10 });
    expect(idsOf(result)).toEqual(LARGE.slice(0, 10));
    expect(result.floors).toEqual([
      { floor: "dear", wanted: 3, found: 3, lifted: [] },
    ]);
  });

  it("never takes the place of a pin, or of what another floor needs", () => {
    const rules = [
      rule({ action: "PIN", target: { item_ids: ["l20"] }, position: 5 }),
    ];
    const floors = [
      { name: "late", where: 'item.item_id = "l19"', min_share: 0.2 },
      small(0.4),
    ];
    const result = rankIn(withFloors(floors, { rules }), { k: 5 });
    expect(idsOf(result)).toEqual(["l10", "l19", "s1", "s2", "l20"]);
    expect(result.warnings).toEqual([]);
  });

  it("finds items that no source offered, and warns where there are too few", () => {
    const result = rankIn(
      withFloors([{ name: "new", provider_id: "new", min_share: 0.3 }]),
      { k: 10 },
    );
    expect(idsOf(result).slice(7)).toEqual(["l17", "n1", "n2"]);
    expect(result.warnings).toEqual([
      {
        code: "FLOOR_NOT_MET",
        detail:
          "floor new: 2 of 3 places, because no more of its items may be listed",
      },
    ]);
  });

  it("keeps caps and what may not be listed", () => {
    const items = catalogue((id) =>
      SMALL.includes(id) ? { brand: "one", available: id !== "s1" } : {},
    );
    const requestKnobs = { "diversity.max_per_brand": 1 };
    const snapshot = withFloors([small(0.3)], { items });
    const result = rankIn(snapshot, { k: 10, requestKnobs });
    expect(result.floors[0]?.lifted).toEqual(["s2"]);
    expect(result.warnings[0]?.code).toBe("FLOOR_NOT_MET");
  });

  it("gives the same list whatever order the catalogue stands in", () => {
    const floors = [
      small(0.25),
      { name: "new", provider_id: "new", min_share: 0.1 },
    ];
    const list = (items: Item[]) =>
      rankIn(withFloors(floors, { items }), { k: 10 }, { seed: 3 }).slate;
    expect(list(catalogue().reverse())).toEqual(list(catalogue()));
  });
});

describe("wantedPlaces", () => {
  it("is exact where the share is whole places", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(wantedPlaces({ name: "x", min_share: 0.3 }, 10, seed)).toBe(3);
    }
  });

  it.each([
    [0.25, 10, 2.5],
    [0.02, 20, 0.4],
    [0.17, 7, 1.19],
  ])("of %f in %i places is %f on average", (min_share, k, mean) => {
    const runs = 20_000;
    let sum = 0;
    for (let seed = 0; seed < runs; seed++) {
      const wanted = wantedPlaces({ name: "x", min_share }, k, seed * 7919);
      expect([Math.floor(mean), Math.ceil(mean)]).toContain(wanted);
      sum += wanted;
    }
    // Three standard errors of a draw of one half.
    expect(Math.abs(sum / runs - mean)).toBeLessThan(0.0106);
  });

  it("is drawn for each floor by itself", () => {
    const draws = (name: string) =>
      Array.from({ length: 20 }, (_, seed) =>
        wantedPlaces({ name, min_share: 0.5 }, 1, seed),
      );
    expect(draws("one")).not.toEqual(draws("two"));
  });
});

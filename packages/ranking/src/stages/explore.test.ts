import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  NOW,
  only,
  rankIn,
  rule,
  shop,
} from "../../test/shop.ts";

const OLD = ["a", "b", "c", "d", "e", "f"];
const COLD = ["x1", "x2", "x3", "x4"];

/** Six items by price order of popularity, and four that are new. */
function shopWith(more: Partial<Parameters<typeof shop>[0]> = {}) {
  return shop({
    items: [
      ...OLD.map((id) => item(id, { created_at: 0, brand: "old" })),
      ...COLD.map((id, i) =>
        item(id, { created_at: NOW, brand: `new-${i % 2}` }),
      ),
    ],
    rules: OLD.map((id, i) =>
      rule({
        id: `boost-${id}`,
        action: "BOOST",
        target: { item_ids: [id] },
        amount: 1 - i / 10,
      }),
    ),
    tenantKnobs: {
      ...only({}),
      "slots.exploration": 2,
      "slots.exploration_max_share": 0.4,
      "exploration.first_position": 2,
      "exploration.policy": "uniform",
      "exploration.window_days": 1,
    },
    signals: {},
    posteriors: {
      version: 1,
      arms: OLD.map((arm) => ({
        bandit: "slots:home",
        arm,
        trials: 1000,
        reward: 500,
      })),
    },
    ...more,
  });
}

const drawnIn = (result: ReturnType<typeof rankIn>) =>
  result.slate.filter(({ exploration }) => exploration !== undefined);

describe("exploration slots", () => {
  it("stand where they are configured, and leave the others in their order", () => {
    const result = rankIn(shopWith(), { k: 5 });
    expect(drawnIn(result).map(({ rank }) => rank)).toEqual([2, 3]);
    const ordinary = result.slate.filter((each) => !each.exploration);
    expect(ordinary.map(({ item_id }) => item_id)).toEqual(["a", "b", "c"]);
  });

  it("have the probability of the draw, the second given the first", () => {
    const [first, second] = drawnIn(rankIn(shopWith(), { k: 5 }));
    expect(first).toMatchObject({
      propensity: 0.25,
      exploration: {
        policy: "uniform",
        eligible: 4,
        method: "exact",
        epsilon: 0.1,
      },
    });
    expect(second?.propensity).toBeCloseTo(1 / 3, 12);
    expect(second?.exploration?.eligible).toBe(3);
  });

  it("take no more of the list than their share", () => {
    expect(drawnIn(rankIn(shopWith(), { k: 4 }))).toHaveLength(1);
    expect(drawnIn(rankIn(shopWith(), { k: 2 }))).toHaveLength(0);
  });

  it("are drawn from as many new items as old ones that nobody chose", () => {
    const tail = Array.from({ length: 40 }, (_, n) =>
      item(`t${n}`, { created_at: 0 }),
    );
    const snapshot = shop({
      items: [item("fresh", { created_at: NOW }), ...tail],
      tenantKnobs: {
        ...only({}),
        "exploration.weight": 1,
        "exploration.quota": 4,
        "exploration.window_days": 1,
      },
      signals: { popularity: lists({ "": {} }) },
      rules: [],
    });
    for (let seed = 0; seed < 20; seed++) {
      const { slate } = rankIn(snapshot, { k: 4 }, { seed });
      expect(slate.map(({ item_id }) => item_id)).toContain("fresh");
    }
  });

  it("give way to pins", () => {
    const pinned = shopWith({
      rules: [
        rule({ action: "PIN", target: { item_ids: ["f"] }, position: 2 }),
      ],
    });
    const result = rankIn(pinned, { k: 5 });
    expect(idsOf(result)[1]).toBe("f");
    expect(drawnIn(result).map(({ rank }) => rank)).toEqual([3, 4]);
  });

  it("draw nobody who is in the list anyway", () => {
    const boosted = shopWith({
      rules: [
        rule({ action: "BOOST", target: { item_ids: ["x1"] }, amount: 5 }),
        rule({
          action: "BOOST",
          target: { item_ids: OLD },
          amount: 1,
          id: "o",
        }),
      ],
    });
    for (let seed = 0; seed < 20; seed++) {
      const result = rankIn(boosted, { k: 5 }, { seed });
      expect(idsOf(result)[0]).toBe("x1");
      expect(drawnIn(result)[0]?.exploration?.eligible).toBe(3);
    }
  });

  it("break no cap", () => {
    for (let seed = 0; seed < 20; seed++) {
      const result = rankIn(
        shopWith(),
        { k: 5, requestKnobs: { "diversity.max_per_brand": 1 } },
        { seed },
      );
      const brands = drawnIn(result).map(
        ({ item_id }) => Number(item_id[1]) % 2,
      );
      expect(new Set(brands).size).toBe(brands.length);
    }
  });

  it("hold what may not be listed", () => {
    const blocked = shopWith({
      rules: [rule({ action: "BLOCK", target: { item_ids: ["x1", "x2"] } })],
    });
    for (let seed = 0; seed < 20; seed++) {
      const ids = idsOf(rankIn(blocked, { k: 5, exclude: ["x3"] }, { seed }));
      expect(ids).not.toContain("x1");
      expect(ids).not.toContain("x2");
      expect(ids).not.toContain("x3");
    }
  });

  it("cost the list nothing where nobody is on trial", () => {
    const none = shopWith({
      posteriors: {
        version: 1,
        arms: [...OLD, ...COLD].map((arm) => ({
          bandit: "slots:home",
          arm,
          trials: 100,
          reward: 1,
        })),
      },
    });
    const result = rankIn(none, { k: 5 });
    expect(drawnIn(result)).toEqual([]);
    expect(result.slate).toHaveLength(5);
  });
});

describe("draws", () => {
  const drawnBy = (
    sticky: "request" | "session" | "user",
    units: object,
    more: { seed?: number; now?: number } = {},
  ) =>
    drawnIn(
      rankIn(
        shopWith({
          config: {
            exploration: {
              reward: { click: 1 },
              window_hours: 1,
              exposure: "assumed",
              sticky,
              period_hours: 1,
            },
          },
        }),
        { k: 5, units },
        more,
      ),
    ).map(({ item_id }) => item_id);
  const kinds = (lists: readonly (readonly string[])[]) =>
    new Set(lists.map((list) => list.join())).size;
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);

  it("are kept by a session, a user or nobody", () => {
    const asked = { user: 7, session: 8 };
    const by = (sticky: "request" | "session" | "user", units: object) =>
      kinds(seeds.map((seed) => drawnBy(sticky, units, { seed })));
    expect(by("user", asked)).toBe(1);
    expect(by("session", asked)).toBe(1);
    expect(by("request", asked)).toBeGreaterThan(3);
    // A session without id is its user, and a request that names nobody stands for itself.
    expect(by("session", { user: 7 })).toBe(1);
    expect(by("user", {})).toBeGreaterThan(3);
  });

  it("differ between people, and end with the period", () => {
    const people = seeds.map((user) => drawnBy("user", { user }));
    expect(kinds(people)).toBeGreaterThan(3);
    const hours = seeds.map((hour) =>
      drawnBy("user", { user: 7 }, { now: NOW + hour * 3_600_000 }),
    );
    expect(kinds(hours)).toBeGreaterThan(3);
  });
});

import { DEFAULT_CONFIG, type Bandit } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { item, rankIn, shop } from "../../test/shop.ts";

const bandit: Bandit = {
  id: "blend",
  owner: "shop",
  surface: "home",
  kind: "ucb",
  arms: [
    { name: "near", knobs: { "diversity.mmr_lambda": 0.9 } },
    { name: "far", knobs: { "diversity.mmr_lambda": 0.1 } },
  ],
  epsilon: 0,
  reward: { click: 1 },
  window_hours: 1,
  exposure: "assumed",
  sticky: "request",
  period_hours: 1,
};

const shopWith = (
  bandits: readonly Bandit[],
  more: Partial<Parameters<typeof shop>[0]> = {},
) => shop({ items: [item("mug")], config: { bandits }, ...more });

const lambdaOf = (result: ReturnType<typeof rankIn>) =>
  result.knobs.find(({ name }) => name === "diversity.mmr_lambda");

describe("a bandit over bundles", () => {
  const learned = {
    posteriors: {
      version: 4,
      arms: [
        { bandit: "blend", arm: "far", trials: 100, reward: 60 },
        { bandit: "blend", arm: "near", trials: 100, reward: 20 },
      ],
    },
  };

  it("sets its knobs in the layer of experiments, below the request", () => {
    const result = rankIn(shopWith([bandit], learned));
    expect(result.bandits).toEqual([
      {
        id: "blend",
        arm: "far",
        propensity: 1,
        policy: "ucb",
        eligible: 2,
        epsilon: 0,
        method: "exact",
      },
    ]);
    expect(lambdaOf(result)).toMatchObject({ value: 0.1, layer: "experiment" });
    const asked = { requestKnobs: { "diversity.mmr_lambda": 0.5 } };
    expect(lambdaOf(rankIn(shopWith([bandit], learned), asked))).toMatchObject({
      value: 0.5,
      layer: "request",
    });
  });

  it("acts on its surface and segment alone", () => {
    const there = shopWith([{ ...bandit, surface: "cart" }]);
    expect(rankIn(there).bandits).toEqual([]);
    const vip = shopWith([{ ...bandit, segment: "vip" }]);
    expect(rankIn(vip).bandits).toEqual([]);
    expect(rankIn(vip, { segment: "vip" }).bandits).toHaveLength(1);
  });

  it("draws each arm as often as its propensity says", () => {
    const snapshot = shopWith([{ ...bandit, epsilon: 0.5 }], learned);
    const near = Array.from({ length: 1000 }, (_, seed) =>
      rankIn(snapshot, {}, { seed }),
    ).filter(({ bandits }) => bandits[0]?.arm === "near");
    // A quarter of 1,000 with a standard deviation of 14.
    expect(Math.abs(near.length - 250)).toBeLessThan(55);
    expect(near[0]?.bandits[0]?.propensity).toBe(0.25);
  });

  it("of LinUCB chooses by the features of the request, which it records", () => {
    const fields = { type: "number" as const };
    const snapshot = shopWith([], {
      config: {
        schema: { ...DEFAULT_CONFIG.schema, context: { hour: fields } },
        bandits: [
          {
            ...bandit,
            kind: "linucb",
            features: [
              { name: "evening", when: "context.hour >= 18" },
              { name: "hour", value: "context.hour / 24" },
            ],
          },
        ],
      },
      posteriors: {
        version: 1,
        arms: [
          // 100 trials at x = (1, 1, 1): near pays 0.8 there, far nothing.
          ...(["near", "far"] as const).map((arm) => ({
            bandit: "blend",
            arm,
            trials: 100,
            reward: arm === "near" ? 80 : 0,
            a: new Array<number>(9).fill(100),
            b: new Array<number>(3).fill(arm === "near" ? 80 : 0),
          })),
        ],
      },
    });
    const at = (hour: number) => rankIn(snapshot, { context: { hour } });
    expect(at(24).bandits[0]).toMatchObject({ arm: "near", context: [1, 1] });
    expect(at(18).bandits[0]?.context).toEqual([1, 0.75]);
    expect(rankIn(snapshot).bandits[0]?.context).toEqual([0, 0]);
    expect(at(48).bandits[0]?.context).toEqual([1, 1]);
  });
});

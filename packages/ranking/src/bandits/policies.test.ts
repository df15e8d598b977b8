import { BANDIT_KINDS, seededRandom, type ArmStats } from "@recsys/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chancesToBeBest } from "./best-of-betas.ts";
import { drawBeta } from "./beta-draws.ts";
import { choose } from "./choose.ts";
import { BANDIT_POLICIES } from "./index.ts";
import { posteriorOf } from "./thompson.ts";

const arm = (name: string, trials = 0, reward = 0): ArmStats => ({
  arm: name,
  trials,
  reward,
});
const chancesOf = (
  kind: keyof typeof BANDIT_POLICIES,
  arms: readonly ArmStats[],
  context: readonly number[] = [1],
) => BANDIT_POLICIES[kind].chances({ arms, context });

describe.each(BANDIT_KINDS)("the policy %s", (kind) => {
  it("gives probabilities that sum to 1, whatever the trials", () => {
    const stats = fc.array(
      fc.record({
        trials: fc.nat(5000),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(stats, (rows) => {
        const arms = rows.map(({ trials, share }, i) =>
          arm(`arm-${String(i).padStart(2, "0")}`, trials, trials * share),
        );
        const { of } = chancesOf(kind, arms);
        expect(of.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...of)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it("treats arms that nobody tried alike, or takes the first name", () => {
    const { of, method } = chancesOf(kind, [arm("a"), arm("b"), arm("c")]);
    const isDrawn = kind === "thompson" || kind === "uniform";
    expect(of).toEqual(isDrawn ? [1 / 3, 1 / 3, 1 / 3] : [1, 0, 0]);
    expect(method).toBe("exact");
  });
});

describe("Thompson sampling", () => {
  it("counts a fractional reward as so much success and so much failure", () => {
    expect(posteriorOf({ trials: 4, reward: 1.5 })).toEqual({
      alpha: 2.5,
      beta: 3.5,
    });
  });

  it("computes what can be worked out by hand", () => {
    // max of Beta(2,1) against Beta(1,1): ∫ 2x · x dx = 2/3.
    expect(chancesOf("thompson", [arm("a", 1, 1), arm("b")]).of).toEqual([
      expect.closeTo(2 / 3, 9),
      expect.closeTo(1 / 3, 9),
    ]);
    // Beta(1,m) against Beta(1,n): the first is larger with n / (m + n).
    expect(
      chancesOf("thompson", [arm("a", 199, 0), arm("b", 299, 0)]).of[0],
    ).toBeCloseTo(0.6, 9);
    expect(
      chancesOf("thompson", [arm("a", 1e6 - 1), arm("b", 2e6 - 1)]).of[0],
    ).toBeCloseTo(2 / 3, 9);
    // Forty that nobody tried and one that succeeded: ∫ 2x · x^40 dx = 2/42.
    const many = Array.from({ length: 40 }, (_, i) => arm(`b${i}`));
    const { of, method } = chancesOf("thompson", [arm("a", 1, 1), ...many]);
    expect(of[0]).toBeCloseTo(2 / 42, 9);
    expect(of[7]).toBeCloseTo(1 / 42, 9);
    expect(method).toBe("quadrature");
  });

  it("agrees with 400,000 joint draws", () => {
    const groups = [
      { alpha: 3.3, beta: 20, count: 1 },
      { alpha: 5, beta: 17.5, count: 1 },
      { alpha: 1, beta: 4, count: 2 },
      { alpha: 40, beta: 160, count: 1 },
    ];
    const chances = chancesToBeBest(groups);
    const all = groups.flatMap((g, i) =>
      Array.from({ length: g.count }, () => ({ ...g, i })),
    );
    const random = seededRandom(20260601);
    const draws = 400_000;
    const wins = groups.map(() => 0);
    for (let n = 0; n < draws; n++) {
      let best = { i: 0, value: -1 };
      for (const { alpha, beta, i } of all) {
        const value = drawBeta(alpha, beta, random);
        if (value > best.value) best = { i, value };
      }
      wins[best.i] = (wins[best.i] ?? 0) + 1;
    }
    groups.forEach(({ count }, i) => {
      const p = (chances[i] ?? 0) * count;
      const error = Math.abs((wins[i] ?? 0) / draws - p);
      expect(error / Math.sqrt((p * (1 - p)) / draws)).toBeLessThan(4);
    });
  });

  it("draws beyond 64 different posteriors, and says how often", () => {
    const arms = Array.from({ length: 65 }, (_, i) =>
      arm(`arm-${String(i).padStart(2, "0")}`, 100 + i, i / 2),
    );
    const { of, method, draws } = chancesOf("thompson", arms);
    expect([method, draws]).toEqual(["draws", 2000]);
    expect(chancesOf("thompson", arms).of).toEqual(of);
    expect(chancesOf("thompson", arms.slice(1)).method).toBe("quadrature");
    // The same question to both ways: within four standard errors.
    const computed = chancesToBeBest(
      arms.map((each) => ({ ...posteriorOf(each), count: 1 })),
    );
    of.forEach((share, i) => {
      const p = computed[i] ?? 0;
      expect(Math.abs(share - p)).toBeLessThan(
        4 * Math.sqrt((p * (1 - p)) / 2000) + 1e-3,
      );
    });
  });
});

describe("KL-UCB", () => {
  it("tries what nobody tried, then takes the largest bound", () => {
    expect(chancesOf("ucb", [arm("a", 50, 40), arm("b")]).of).toEqual([0, 1]);
    expect(
      chancesOf("ucb", [arm("a", 1000, 400), arm("b", 1000, 300)]).of,
    ).toEqual([1, 0]);
    // Same mean, fewer trials: the bound is further up.
    expect(chancesOf("ucb", [arm("a", 1000, 400), arm("b", 10, 4)]).of).toEqual(
      [0, 1],
    );
  });
});

describe("LinUCB", () => {
  // One feature beside the constant; 100 trials at x = (1, 0) with mean 0.2 and 100 at (1, 1) with mean `high`.
  const learned = (name: string, high: number): ArmStats => ({
    arm: name,
    trials: 200,
    reward: 20 + 100 * high,
    a: [200, 100, 100, 100],
    b: [20 + 100 * high, 100 * high],
  });
  const arms = [learned("a", 0.8), { ...learned("b", 0), b: [60, 0] }];

  it("takes the arm whose model promises most in this context", () => {
    expect(chancesOf("linucb", arms, [1, 1]).of).toEqual([1, 0]);
    expect(chancesOf("linucb", arms, [1, 0]).of).toEqual([0, 1]);
  });

  it("starts anew when the number of features is another", () => {
    expect(chancesOf("linucb", arms, [1, 1, 0]).of).toEqual([1, 0]);
    // Hand-worked: without trials the bound is |x| = √3 for all, with them less.
    const mixed = [arms[0] ?? arm("a"), arm("c")];
    expect(chancesOf("linucb", mixed, [1, 0]).of).toEqual([0, 1]);
  });
});

describe("a choice", () => {
  const arms = [arm("a", 10, 8), arm("b", 10, 2), arm("c", 10, 1)];
  const at = (draw: number, epsilon = 0.3) =>
    choose({ policy: "ucb", arms, epsilon, context: [1], draw });

  it("mixes the uniform share in: 0.7 × 1 + 0.3 / 3 for the best", () => {
    expect(at(0)).toEqual({
      at: 0,
      propensity: expect.closeTo(0.8, 12) as number,
      policy: "ucb",
      eligible: 3,
      epsilon: 0.3,
      method: "exact",
    });
    expect(at(0.799).at).toBe(0);
    expect(at(0.801)).toMatchObject({ at: 1 });
    expect(at(0.801).propensity).toBeCloseTo(0.1, 12);
    expect(at(0.9999999).at).toBe(2);
  });

  it("without a uniform share is the policy's own", () => {
    expect(at(0.9999999, 0)).toMatchObject({ at: 0, propensity: 1 });
  });

  it("falls on each arm as often as its propensity says", () => {
    const draws = 5_000;
    const counts = [0, 0, 0];
    const random = seededRandom(11);
    let inverse = 0;
    for (let i = 0; i < draws; i++) {
      const chosen = choose({
        policy: "thompson",
        arms,
        epsilon: 0.2,
        context: [1],
        draw: random(),
      });
      counts[chosen.at] = (counts[chosen.at] ?? 0) + 1;
      inverse += 1 / chosen.propensity;
    }
    // Σ 1/propensity estimates the number of arms per draw.
    expect(inverse / draws).toBeCloseTo(3, 0);
    expect(counts.every((count) => count > 0.06 * draws)).toBe(true);
  });
});

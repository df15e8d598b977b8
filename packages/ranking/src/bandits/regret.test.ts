import {
  seededRandom,
  type ArmStats,
  type BanditKind,
} from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { addTrial } from "./add-trial.ts";
import { choose } from "./choose.ts";

const MEANS = [0.5, 0.35, 0.3, 0.25];
const SEEDS = [11, 12, 13, 14, 15, 16];

const blank = (count: number): ArmStats[] =>
  Array.from({ length: count }, (_, i) => ({
    arm: `arm-${i}`,
    trials: 0,
    reward: 0,
  }));

interface World {
  readonly policy: BanditKind;
  readonly seed: number;
  readonly rounds: number;
  readonly epsilon: number;
  readonly arms: number;
  contextOf(random: () => number): readonly number[];
  meanOf(arm: number, context: readonly number[]): number;
}

/** Cumulative pseudo-regret after each round. */
function play(world: World): number[] {
  const random = seededRandom(world.seed);
  const arms = blank(world.arms);
  let total = 0;
  return Array.from({ length: world.rounds }, () => {
    const context = world.contextOf(random);
    const { at } = choose({ ...world, arms, context, draw: random() });
    const means = arms.map((_, i) => world.meanOf(i, context));
    const mean = means[at] ?? 0;
    const reward = random() < mean ? 1 : 0;
    const played = arms[at];
    if (played !== undefined) arms[at] = addTrial(played, { reward, context });
    total += Math.max(...means) - mean;
    return total;
  });
}

function coins(policy: BanditKind, seed: number, rounds: number): number[] {
  return play({
    policy,
    seed,
    rounds,
    epsilon: 0,
    arms: MEANS.length,
    contextOf: () => [1],
    meanOf: (at) => MEANS[at] ?? 0,
  });
}

function meanRegret(policy: BanditKind, rounds: number): number[] {
  const runs = SEEDS.map((seed) => coins(policy, seed, rounds));
  return Array.from(
    { length: rounds },
    (_, t) => runs.reduce((sum, run) => sum + (run[t] ?? 0), 0) / runs.length,
  );
}

/** R² of a straight line through (x, y). */
function fit(x: readonly number[], y: readonly number[]) {
  const mean = (of: readonly number[]) =>
    of.reduce((sum, each) => sum + each, 0) / of.length;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (f: (i: number) => number) =>
    x.reduce((total, _, i) => total + f(i), 0);
  const sxy = sum((i) => ((x[i] ?? 0) - mx) * ((y[i] ?? 0) - my));
  const sxx = sum((i) => ((x[i] ?? 0) - mx) ** 2);
  const syy = sum((i) => ((y[i] ?? 0) - my) ** 2);
  return { slope: sxy / sxx, r2: sxy ** 2 / (sxx * syy) };
}

describe("regret against coins of known means", () => {
  it.each(["thompson", "ucb"] as const)(
    "of %s grows like the logarithm of the rounds",
    (policy) => {
      const regret = meanRegret(policy, 4000);
      const rounds = [250, 500, 1000, 2000, 4000];
      const at = rounds.map((t) => regret[t - 1] ?? 0);
      const line = fit(rounds.map(Math.log), at);
      console.log(
        `${policy}, seeds ${SEEDS.join(" ")}: regret ${at.map((r) => r.toFixed(1)).join(" ")}, slope ${line.slope.toFixed(2)} per e-fold, R² ${line.r2.toFixed(3)}`,
      );
      expect(line.r2).toBeGreaterThan(0.9);
      // Twice the rounds add about the same; a linear regret would double.
      expect((at[4] ?? 0) / (at[3] ?? 1)).toBeLessThan(1.4);
      // Lai and Robbins: no policy stays below Σ gap / kl(mean, best) per e-fold; within three times that.
      const kl = (p: number, q: number) =>
        p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
      const bound = MEANS.slice(1).reduce(
        (sum, mean) => sum + (0.5 - mean) / kl(mean, 0.5),
        0,
      );
      expect(line.slope).toBeLessThan(3 * bound);
    },
    60_000,
  );

  it("of the uniform policy grows with the rounds", () => {
    const regret = meanRegret("uniform", 4000);
    expect((regret[3999] ?? 0) / (regret[1999] ?? 1)).toBeCloseTo(2, 1);
  });
});

describe("regret where the best arm depends on the context", () => {
  const contextual = (policy: BanditKind) =>
    SEEDS.map(
      (seed) =>
        play({
          policy,
          seed,
          rounds: 1500,
          epsilon: 0.05,
          arms: 3,
          // One of three kinds of people.
          contextOf: (random) => {
            const kind = Math.floor(random() * 3);
            return [1, kind === 1 ? 1 : 0, kind === 2 ? 1 : 0];
          },
          meanOf: (at, [, one, two]) => {
            const kind = one === 1 ? 1 : two === 1 ? 2 : 0;
            return at === kind ? 0.6 : 0.2;
          },
        }).at(-1) ?? 0,
    );

  it("of LinUCB is well below that of policies without context, for every seed", () => {
    const linear = contextual("linucb");
    const blind = contextual("thompson");
    console.log(
      `seeds ${SEEDS.join(" ")}: linucb ${linear.map(Math.round).join(" ")}, thompson ${blind.map(Math.round).join(" ")}`,
    );
    linear.forEach((regret, i) => {
      expect(regret).toBeLessThan(0.35 * (blind[i] ?? 0));
    });
  }, 60_000);
});

import {
  hashUnit,
  seededRandom,
  type ArmStats,
  type Posteriors,
} from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import { item, NOW, rankIn, shop } from "../../test/shop.ts";
import { snapshotWithPosteriors } from "../snapshot.ts";
import { addTrial } from "./add-trial.ts";
import { choose } from "./choose.ts";

const SEEDS = 500;
const DECISIONS = 24;
const IDS = Array.from({ length: 8 }, (_, i) => `cold-${i}`);
const meanOf = (id: string) => 0.1 + 0.1 * IDS.indexOf(id);

/** A list of four with its second place for one of eight items on trial; nobody has chosen anything yet. */
const base = shop({
  items: [
    ...["a", "b", "c", "d"].map((id) => item(id, { created_at: 0 })),
    ...IDS.map((id) => item(id, { created_at: NOW })),
  ],
  tenantKnobs: {
    "slots.exploration": 1,
    "slots.exploration_max_share": 1,
    "exploration.first_position": 2,
    "exploration.epsilon": 0.2,
    "exploration.max_trials": 1000,
  },
  rules: ["a", "b", "c"].map((id, i) => ({
    id: `pin-${id}`,
    action: "PIN" as const,
    target: { item_ids: [id] },
    position: [1, 3, 4][i] ?? 1,
    priority: 1,
    enabled: true,
    owner: "test",
    reason: "test",
  })),
  config: {
    exploration: {
      reward: { click: 1 },
      window_hours: 1,
      exposure: "assumed",
      sticky: "request",
      period_hours: 1,
    },
  },
});

/** What inverse-propensity weighting of one logged run says each item is worth, while Thompson sampling learns from it. */
function estimate(seed: number): number[] {
  const sums = IDS.map(() => 0);
  const random = seededRandom(seed);
  const arms = new Map<string, ArmStats>();
  let snapshot = base;
  for (let i = 0; i < DECISIONS; i++) {
    if (i % 6 === 0 && i > 0) {
      const learned: Posteriors = {
        version: i,
        arms: [...arms.values()].map((arm) => ({
          bandit: "slots:home",
          ...arm,
        })),
      };
      snapshot = snapshotWithPosteriors(base, learned);
    }
    const rankSeed = Math.floor(hashUnit(`${seed}/${i}`) * 2 ** 32);
    const { slate } = rankIn(snapshot, { k: 4 }, { seed: rankSeed });
    const shown = slate[1];
    if (shown?.exploration === undefined) throw new Error("nothing was drawn");
    const { item_id: id, propensity } = shown;
    const reward = random() < meanOf(id) ? 1 : 0;
    const at = IDS.indexOf(id);
    sums[at] = (sums[at] ?? 0) + reward / propensity;
    const before = arms.get(id) ?? { arm: id, trials: 0, reward: 0 };
    arms.set(id, addTrial(before, { reward, context: [1] }));
  }
  return sums.map((sum) => sum / DECISIONS);
}

describe("the propensities of exploration slots", () => {
  it("make inverse-weighted sums unbiased for every item, over 500 seeds", () => {
    const runs = Array.from({ length: SEEDS }, (_, i) => estimate(1000 + i));
    const rows = IDS.map((id, at) => {
      const values = runs.map((run) => run[at] ?? 0);
      const mean = values.reduce((sum, each) => sum + each, 0) / SEEDS;
      const variance =
        values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (SEEDS - 1);
      const error = Math.sqrt(variance / SEEDS);
      return { truth: meanOf(id), mean, error };
    });
    console.log(
      `seeds 1000 to ${999 + SEEDS}: ${rows.map(({ truth, mean, error }) => `${truth.toFixed(1)} → ${mean.toFixed(3)} ± ${(1.96 * error).toFixed(3)}`).join(", ")}`,
    );
    // Eight intervals at once: 99.9 % each.
    for (const { truth, mean, error } of rows) {
      expect(Math.abs(mean - truth)).toBeLessThan(3.29 * error);
      expect(error).toBeLessThan(0.05);
    }
  }, 120_000);
});

interface Draw {
  readonly at: number;
  readonly hour: number;
  readonly isSeen: boolean;
  readonly reward: number;
  /** Hours from the decision to its outcome. */
  readonly delay: number;
}

const WINDOW = 48;
/** The better arm is paid for late: after 10 to 40 hours, the other within one. */
const TRUE_MEANS = [0.4, 0.3] as const;

/** Thirty decisions an hour for ten days; `learn` turns the draws so far into what is known at an hour. */
function run(
  seed: number,
  learn: (draws: readonly Draw[], hour: number) => ArmStats[],
): { readonly arms: ArmStats[]; readonly draws: readonly Draw[] } {
  const random = seededRandom(seed);
  const draws: Draw[] = [];
  for (let hour = 0; hour < 240; hour++) {
    const arms = learn(draws, hour);
    for (let i = 0; i < 30; i++) {
      const { at } = choose({
        policy: "thompson",
        arms,
        epsilon: 0.1,
        context: [1],
        draw: random(),
      });
      draws.push({
        at,
        hour,
        // Three of ten lists are never looked at, and so never bought from.
        isSeen: random() < 0.7,
        reward: random() < (TRUE_MEANS[at] ?? 0) ? 1 : 0,
        delay: at === 0 ? 10 + 30 * random() : random(),
      });
    }
  }
  return { arms: learn(draws, 240 + WINDOW), draws };
}

const LATE: readonly string[] = ["late", "quick"];

function statsOf(draws: readonly { at: number; paid: number }[]): ArmStats[] {
  return LATE.map((arm, at) => {
    const own = draws.filter((draw) => draw.at === at);
    return {
      arm,
      trials: own.length,
      reward: own.reduce((sum, { paid }) => sum + paid, 0),
    };
  });
}

/** As the duty counts: windows that are over, lists that were seen, whatever came of them. */
const matured = (draws: readonly Draw[], hour: number) =>
  statsOf(
    draws
      .filter((draw) => draw.hour + WINDOW <= hour && draw.isSeen)
      .map(({ at, reward }) => ({ at, paid: reward })),
  );

/** The mistake: a reward that is not there yet counts as none. */
const impatient = (draws: readonly Draw[], hour: number) =>
  statsOf(
    draws
      .filter((draw) => draw.isSeen)
      .map(({ at, reward, delay, hour: made }) => ({
        at,
        paid: made + delay <= hour ? reward : 0,
      })),
  );

describe("rewards that come late or never", () => {
  const seeds = [21, 22, 23, 24, 25, 26];

  it("do not change the winner where decisions are counted when their window is over", () => {
    for (const seed of seeds) {
      const { arms, draws } = run(seed, matured);
      const [late, quick] = arms;
      const means = arms.map(({ trials, reward }) => reward / trials);
      console.log(
        `seed ${seed}: means ${means.map((m) => m.toFixed(3)).join(" ")} of ${late?.trials ?? 0} and ${quick?.trials ?? 0} trials`,
      );
      expect(Math.abs((means[0] ?? 0) - TRUE_MEANS[0])).toBeLessThan(0.05);
      expect(Math.abs((means[1] ?? 0) - TRUE_MEANS[1])).toBeLessThan(0.08);
      const last = draws.slice(-300).filter(({ at }) => at === 0);
      expect(last.length / 300).toBeGreaterThan(0.85);
    }
  }, 60_000);

  it("would, if what is not there yet counted as nothing", () => {
    const shares = seeds.map((seed) => {
      const { draws } = run(seed, impatient);
      const early = draws.slice(0, 30 * 72);
      return early.filter(({ at }) => at === 0).length / early.length;
    });
    for (const share of shares) expect(share).toBeLessThan(0.3);
  }, 60_000);
});

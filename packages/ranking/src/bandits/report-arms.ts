import type { ArmStats } from "@recsys/contracts";
import { credibleInterval } from "./credible-interval.ts";

/** How often an arm was drawn. */
interface Drawn {
  readonly arm: string;
  readonly draws: number;
  readonly minPropensity: number;
  readonly maxPropensity: number;
}

export interface ArmReport {
  readonly arm: string;
  readonly trials: number;
  /** Null without trials. */
  readonly mean_reward: number | null;
  /** The mean reward lies within with 95 %. */
  readonly interval: number[];
  readonly draws: number;
  /** Of all draws; null where there are none. */
  readonly share: number | null;
  readonly propensity: { readonly min: number; readonly max: number } | null;
}

/** Every arm that is configured, was tried or was drawn: the most tried first, then by name. */
export function reportArms(of: {
  readonly names: readonly string[];
  readonly learned: readonly ArmStats[];
  readonly draws: readonly Drawn[];
}): ArmReport[] {
  const tried = new Map(of.learned.map((stats) => [stats.arm, stats]));
  const drawn = new Map(of.draws.map((row) => [row.arm, row]));
  const total = of.draws.reduce((sum, { draws }) => sum + draws, 0);
  const names = new Set([...of.names, ...tried.keys(), ...drawn.keys()]);
  return [...names]
    .map((arm): ArmReport => {
      const { trials, reward } = tried.get(arm) ?? { trials: 0, reward: 0 };
      const row = drawn.get(arm);
      return {
        arm,
        trials,
        mean_reward: trials === 0 ? null : reward / trials,
        interval: [...credibleInterval({ trials, reward })],
        draws: row?.draws ?? 0,
        share: total === 0 ? null : (row?.draws ?? 0) / total,
        propensity:
          row === undefined
            ? null
            : { min: row.minPropensity, max: row.maxPropensity },
      };
    })
    .sort((a, b) => b.trials - a.trials || (a.arm < b.arm ? -1 : 1));
}

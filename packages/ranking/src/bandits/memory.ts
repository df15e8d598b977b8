import type { ArmStats, Posteriors } from "@recsys/contracts";

/** What was learned, by bandit and arm. */
export type BanditMemory = ReadonlyMap<string, ReadonlyMap<string, ArmStats>>;

export function rememberArms({ arms }: Posteriors): BanditMemory {
  const memory = new Map<string, Map<string, ArmStats>>();
  for (const stats of arms) {
    const known = memory.get(stats.bandit) ?? new Map<string, ArmStats>();
    memory.set(stats.bandit, known.set(stats.arm, stats));
  }
  return memory;
}

/** An arm that nobody tried counts as it is. */
export function armOf(
  memory: BanditMemory,
  bandit: string,
  arm: string,
): ArmStats {
  return memory.get(bandit)?.get(arm) ?? { arm, trials: 0, reward: 0 };
}

import type { ArmStats } from "@recsys/contracts";
import { certain, type BanditPolicy } from "./policy.ts";

/**
 * KL-UCB (Garivier and Cappé, "The KL-UCB algorithm for bounded stochastic
 * bandits and beyond", COLT 2011), with c = 0 as they advise:
 * index = max { q : trials × kl(mean, q) ≤ ln(total trials) }, where kl is the
 * divergence of two coins; valid for all rewards within 0 and 1. An arm
 * without trials has index 1; ties go to the first name. One arm is chosen
 * between two updates, so updates should be frequent beside the traffic.
 */
export const ucb: BanditPolicy = {
  kind: "ucb",
  description:
    "The arm with the largest upper confidence bound of its mean reward (KL-UCB): optimism until trials say otherwise.",
  chances({ arms }) {
    const total = arms.reduce((sum, { trials }) => sum + trials, 0);
    const budget = Math.log(Math.max(1, total));
    return certain(arms.map((arm) => upperBound(arm, budget)));
  },
};

function upperBound({ trials, reward }: ArmStats, budget: number): number {
  if (trials <= 0) return 1;
  const mean = Math.min(1, Math.max(0, reward / trials));
  let low = mean;
  let high = 1;
  // The divergence grows from the mean on; 32 halvings are right to 2e-10.
  for (let i = 0; i < 32; i++) {
    const middle = (low + high) / 2;
    if (trials * divergence(mean, middle) > budget) high = middle;
    else low = middle;
  }
  return low;
}

/** Kullback-Leibler divergence of two coins, in nats. */
function divergence(p: number, q: number): number {
  return share(p, q) + share(1 - p, 1 - q);
}

function share(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}

import { hashSeed, seededRandom, type ArmStats } from "@recsys/contracts";
import { chancesToBeBest, type BetaGroup } from "./best-of-betas.ts";
import { drawBeta } from "./beta-draws.ts";
import type { BanditPolicy, Chances } from "./policy.ts";

/** Up to so many different posteriors probabilities are computed, beyond it they are drawn. */
const MOST_COMPUTED = 64;
const DRAWS = 2000;

/**
 * Thompson sampling (Thompson, 1933; Chapelle and Li, "An empirical evaluation
 * of Thompson sampling", NIPS 2011): an arm is chosen with the probability that
 * it is the best one. Posterior of an arm: Beta(1 + reward, 1 + trials −
 * reward), from a flat prior; a fractional reward r counts as r successes and
 * 1 − r failures. P(best) by quadrature, which takes arms of the same
 * posterior together; beyond 64 different posteriors by 2,000 seeded draws, and
 * then the choice is drawn from those frequencies, which keeps the propensity
 * exact.
 */
export const thompson: BanditPolicy = {
  kind: "thompson",
  description:
    "Each arm with the probability that it is the best, given its trials (Thompson sampling with Beta posteriors).",
  chances({ arms }) {
    const groups = new Map<
      string,
      BetaGroup & { readonly members: number[] }
    >();
    arms.forEach((arm, at) => {
      const { alpha, beta } = posteriorOf(arm);
      const key = `${alpha}/${beta}`;
      const members = groups.get(key)?.members ?? [];
      members.push(at);
      groups.set(key, { alpha, beta, count: members.length, members });
    });
    const all = [...groups.values()];
    if (all.length > MOST_COMPUTED) return drawn(arms);
    const chances = chancesToBeBest(all);
    const of = new Array<number>(arms.length).fill(0);
    all.forEach(({ members }, g) => {
      for (const member of members) of[member] = chances[g] ?? 0;
    });
    return { of, method: all.length === 1 ? "exact" : "quadrature" };
  },
};

/** Beta parameters of an arm; never below those of the prior. */
export function posteriorOf({
  trials,
  reward,
}: Pick<ArmStats, "trials" | "reward">): {
  readonly alpha: number;
  readonly beta: number;
} {
  return {
    alpha: 1 + Math.max(0, reward),
    beta: 1 + Math.max(0, trials - reward),
  };
}

/** The same draws for the same posteriors, whoever asks. */
function drawn(arms: readonly ArmStats[]): Chances {
  const posteriors = arms.map(posteriorOf);
  const random = seededRandom(hashSeed(JSON.stringify(posteriors)));
  const wins = new Array<number>(arms.length).fill(0);
  for (let i = 0; i < DRAWS; i++) {
    let best = 0;
    let largest = -1;
    posteriors.forEach(({ alpha, beta }, at) => {
      const value = drawBeta(alpha, beta, random);
      if (value <= largest) return;
      largest = value;
      best = at;
    });
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return { of: wins.map((won) => won / DRAWS), method: "draws", draws: DRAWS };
}

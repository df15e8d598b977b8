import type { ArmStats, BanditKind, Exploration } from "@recsys/contracts";
import { BANDIT_POLICIES } from "./index.ts";
import type { Chances } from "./policy.ts";

export interface Choosing {
  readonly policy: BanditKind;
  /** At least one; sorted by name. */
  readonly arms: readonly ArmStats[];
  /** Share of choices that are uniform over the arms. */
  readonly epsilon: number;
  /** Constant 1, then the features; for LinUCB. */
  readonly context: readonly number[];
  /** A number in [0, 1) that decides; uniform over those who ask. */
  readonly draw: number;
  /** Where they are known already. */
  readonly chances?: Chances;
}

export interface Chosen extends Exploration {
  /** Number of the arm. */
  readonly at: number;
  readonly propensity: number;
}

/**
 * Draws an arm: (1 − ε) × P(policy chooses it) + ε / number of arms. The draw
 * walks along the arms by name, so that who has the same draw keeps the arm as
 * long as the probabilities stay as they are.
 */
export function choose(choosing: Choosing): Chosen {
  const { policy, arms, epsilon, context, draw } = choosing;
  const chances =
    choosing.chances ?? BANDIT_POLICIES[policy].chances({ arms, context });
  const propensityOf = (at: number): number =>
    (1 - epsilon) * (chances.of[at] ?? 0) + epsilon / arms.length;
  let at = -1;
  let passed = 0;
  for (let i = 0; i < arms.length; i++) {
    const propensity = propensityOf(i);
    if (propensity === 0) continue;
    at = i;
    passed += propensity;
    if (draw < passed) break;
  }
  return {
    at,
    propensity: propensityOf(at),
    policy,
    eligible: arms.length,
    epsilon,
    method: chances.method,
    ...(chances.draws === undefined ? {} : { draws: chances.draws }),
    ...(policy === "linucb" ? { context: context.slice(1) } : {}),
  };
}

import type { ArmStats, BanditKind, ChanceMethod } from "@recsys/contracts";

/** What a policy may look at. */
export interface PolicyInput {
  /** At least one, sorted by name, each name once. */
  readonly arms: readonly ArmStats[];
  /** Constant 1, then the features of the request; for LinUCB. */
  readonly context: readonly number[];
}

/** With which probability a policy chooses each arm, before the uniform share is mixed in. */
export interface Chances {
  /** By arm; their sum is 1. */
  readonly of: readonly number[];
  readonly method: ChanceMethod;
  /** Number of draws, for that method. */
  readonly draws?: number;
}

/**
 * A way to choose between arms: one file in `bandits/` and one line in
 * `bandits/index.ts`. It says with which probability it would choose each arm;
 * the choice itself is drawn from those, so that the recorded propensity is
 * the probability of the draw to the last bit.
 */
export interface BanditPolicy {
  readonly kind: BanditKind;
  /** One sentence for the reference. */
  readonly description: string;
  chances(input: PolicyInput): Chances;
}

/** Chances of a policy that always takes the best index: 1 for it, ties by name. */
export function certain(indices: readonly number[]): Chances {
  let best = 0;
  indices.forEach((value, at) => {
    if (value > (indices[best] ?? -Infinity)) best = at;
  });
  return {
    of: indices.map((_, at) => (at === best ? 1 : 0)),
    method: "exact",
  };
}

import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";

export interface SupportDiagnostics {
  /** Mean share of the target policy's choices that the logging policy could not make. */
  readonly unsupportedShare: ComputedNumber;
  /** Decisions with any such choice. */
  readonly decisions: number;
  /** Actions that the target takes and the log never could, by position, ascending. */
  readonly actions: readonly number[];
}

/**
 * Which part of the target policy the log says nothing about: probability
 * mass on actions of propensity 0. No weighting estimator can see it.
 * Sachdeva, Su, Joachims, Off-policy bandits with deficient support, KDD (2020).
 */
export function diagnoseSupport(
  rows: Iterable<{
    readonly target: readonly number[];
    readonly logging: readonly number[];
  }>,
): SupportDiagnostics {
  const actions = new Set<number>();
  let [n, mass, decisions] = [0, 0, 0];
  for (const { target, logging } of rows) {
    n++;
    let lost = 0;
    for (const [action, probability] of target.entries()) {
      if (probability <= 0 || (logging[action] ?? 0) > 0) continue;
      lost += probability;
      actions.add(action);
    }
    mass += lost;
    if (lost > 0) decisions++;
  }
  return {
    unsupportedShare: unless(n > 0 ? null : "there are no rows", mass / n),
    decisions,
    actions: [...actions].sort((a, b) => a - b),
  };
}

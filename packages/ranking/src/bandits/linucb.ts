import type { ArmStats } from "@recsys/contracts";
import { certain, type BanditPolicy } from "./policy.ts";

/** Weight of a zero prior on every coefficient, as if one trial had said so. */
const RIDGE = 1;
/** Width of the bound in standard deviations. */
const ALPHA = 1;

/**
 * LinUCB with disjoint models (Li, Chu, Langford and Schapire, "A
 * contextual-bandit approach to personalized news article recommendation",
 * WWW 2010, algorithm 1): index = xᵀθ + α √(xᵀ A⁻¹ x) with θ = A⁻¹ b,
 * A = I + Σ x xᵀ and b = Σ reward × x over the trials of the arm. x starts with
 * the constant 1. An arm whose sums have another number of features (the
 * configuration changed) starts anew. Ties go to the first name.
 */
export const linucb: BanditPolicy = {
  kind: "linucb",
  description:
    "The arm with the largest upper confidence bound of its reward in this context, by one ridge regression an arm.",
  chances: ({ arms, context }) =>
    certain(arms.map((arm) => upperBound(arm, context))),
};

function upperBound(arm: ArmStats, x: readonly number[]): number {
  const d = x.length;
  const isFit = arm.a?.length === d * d && arm.b?.length === d;
  const root = factor(
    isFit ? (arm.a ?? []) : new Array<number>(d * d).fill(0),
    d,
  );
  // With A = L Lᵀ: xᵀθ = (L⁻¹x)·(L⁻¹b), xᵀA⁻¹x = |L⁻¹x|².
  const u = forward(root, x);
  const v = forward(root, isFit ? (arm.b ?? []) : new Array<number>(d).fill(0));
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < d; i++) {
    mean += (u[i] ?? 0) * (v[i] ?? 0);
    variance += (u[i] ?? 0) ** 2;
  }
  return mean + ALPHA * Math.sqrt(variance);
}

/** Lower triangle L with L Lᵀ = a + ridge × I (Cholesky), row by row. */
function factor(a: readonly number[], d: number): Float64Array {
  const root = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = (a[i * d + j] ?? 0) + (i === j ? RIDGE : 0);
      for (let k = 0; k < j; k++) {
        sum -= (root[i * d + k] ?? 0) * (root[j * d + k] ?? 0);
      }
      root[i * d + j] =
        i === j
          ? Math.sqrt(Math.max(sum, 1e-12))
          : sum / (root[j * d + j] ?? 1);
    }
  }
  return root;
}

/** The solution y of L y = x. */
function forward(root: Float64Array, x: readonly number[]): Float64Array {
  const d = x.length;
  const y = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (root[i * d + k] ?? 0) * (y[k] ?? 0);
    y[i] = sum / (root[i * d + i] ?? 1);
  }
  return y;
}

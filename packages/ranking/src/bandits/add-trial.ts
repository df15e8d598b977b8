import type { ArmStats } from "@recsys/contracts";

/** One trial of an arm with what came of it. */
export interface Trial {
  /** 0 to 1; what is outside counts as 0 or 1. */
  readonly reward: number;
  /** Constant 1, then the features; more than the constant for LinUCB only. */
  readonly context: readonly number[];
}

/** The arm after one more trial: trials + 1, reward + r and, where there are features, A + x xᵀ and b + r x. */
export function addTrial(arm: ArmStats, { reward, context }: Trial): ArmStats {
  const r = reward > 0 ? Math.min(1, reward) : 0;
  const counted = {
    arm: arm.arm,
    trials: arm.trials + 1,
    reward: arm.reward + r,
  };
  const d = context.length;
  if (d <= 1) return counted;
  const isFit = arm.a?.length === d * d && arm.b?.length === d;
  const before = isFit ? { a: arm.a, b: arm.b } : { a: [], b: [] };
  const a = Array.from(
    { length: d * d },
    (_, i) =>
      (before.a[i] ?? 0) +
      (context[Math.floor(i / d)] ?? 0) * (context[i % d] ?? 0),
  );
  const b = context.map((x, i) => (before.b[i] ?? 0) + r * x);
  return { ...counted, a, b };
}

import type { ArmStats } from "@recsys/contracts";
import { distributionOf } from "./best-of-betas.ts";
import { posteriorOf } from "./thompson.ts";

/** Between which values the mean reward of an arm lies with 95 %, by its Beta posterior (equal tails). */
export function credibleInterval(
  arm: Pick<ArmStats, "trials" | "reward">,
): readonly [low: number, high: number] {
  const { at, below } = distributionOf(posteriorOf(arm));
  const quantile = (share: number): number => {
    let k = 0;
    while (k < below.length - 1 && (below[k] ?? 1) < share) k++;
    const [t0, t1] = [at[Math.max(0, k - 1)] ?? 0, at[k] ?? 0];
    const [p0, p1] = [below[Math.max(0, k - 1)] ?? 0, below[k] ?? 0];
    const t = p1 > p0 ? t0 + ((share - p0) / (p1 - p0)) * (t1 - t0) : t1;
    return 1 / (1 + Math.exp(-t));
  };
  return [quantile(0.025), quantile(0.975)];
}

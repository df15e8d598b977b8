import type { ArmStats } from "@recsys/contracts";
import { distributionOf } from "./best-of-betas.ts";
import { posteriorOf } from "./thompson.ts";

/** Between which values the mean reward of an arm lies with 95 %, by its Beta posterior (equal tails). */
export function credibleInterval(
  arm: Pick<ArmStats, "trials" | "reward">,
): readonly [low: number, high: number] {
  const curve = distributionOf(posteriorOf(arm));
  return [quantile(curve, 0.025), quantile(curve, 0.975)];
}

type Curve = ReturnType<typeof distributionOf>;

/** Between two nodes the distribution is the cubic with its values and slopes there (Hermite). */
function quantile({ at, below, density }: Curve, share: number): number {
  let k = 1;
  while (k < below.length - 1 && (below[k] ?? 1) < share) k++;
  const value = (list: Float64Array, i: number): number => list[i] ?? 0;
  const from = value(at, k - 1);
  const width = value(at, k) - from;
  const cubic = (u: number): number =>
    value(below, k - 1) * (1 + 2 * u) * (1 - u) ** 2 +
    value(density, k - 1) * width * u * (1 - u) ** 2 +
    value(below, k) * u * u * (3 - 2 * u) -
    value(density, k) * width * u * u * (1 - u);
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (cubic(middle) < share) low = middle;
    else high = middle;
  }
  return 1 / (1 + Math.exp(-(from + low * width)));
}

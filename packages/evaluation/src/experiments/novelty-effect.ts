import type { ComputedInterval, ComputedNumber } from "@recsys/contracts";
import { around, notComputable, unless } from "../computed.ts";
import { normalCritical, normalTwoSided } from "../special/normal.ts";

/** The effect on users in their n-th day (or week) since they first saw the experiment. */
export interface EffectByAge {
  /** Days since the user's first exposure. */
  readonly age: number;
  readonly difference: number;
  readonly standardError: number;
}

export interface NoveltyEffect {
  /** Change of the effect per unit of age. */
  readonly slope: ComputedNumber;
  readonly standardError: ComputedNumber;
  readonly interval: ComputedInterval;
  readonly pTwoSided: ComputedNumber;
  /** By the interval of the slope: fading is away from the first sign of the effect towards 0. */
  readonly finding: "novelty" | "learning" | "steady" | "unknown";
}

/**
 * Weighted least squares of the effect on the age of exposure, weights 1/SE²:
 * slope = Σw(x - x̄)(d - d̄) / Σw(x - x̄)², SE = 1/√Σw(x - x̄)².
 * Hohnhold, O'Brien, Tang, Focusing on the long-term, KDD (2015); Kohavi, Tang, Xu (2020), ch. 23.
 * Not computable with fewer than two ages, or a standard error that is not positive.
 */
export function noveltyEffect(
  effects: readonly EffectByAge[],
  alpha: number,
): NoveltyEffect {
  const because = refuse(effects);
  if (because !== null) {
    const none = notComputable(because);
    return {
      slope: none,
      standardError: none,
      interval: none,
      pTwoSided: none,
      finding: "unknown",
    };
  }
  const { slope, standardError, first } = fitLine(effects);
  const reach = normalCritical(alpha) * standardError;
  const steady = Math.abs(slope) <= reach;
  const fading = slope < 0 === first > 0;
  return {
    slope: unless(null, slope),
    standardError: unless(null, standardError),
    interval: around(slope, reach),
    pTwoSided: unless(null, normalTwoSided(slope / standardError)),
    finding: steady ? "steady" : fading ? "novelty" : "learning",
  };
}

function fitLine(effects: readonly EffectByAge[]) {
  let [weights, ages, differences] = [0, 0, 0];
  for (const { age, difference, standardError } of effects) {
    const weight = 1 / standardError ** 2;
    weights += weight;
    ages += weight * age;
    differences += weight * difference;
  }
  const [age, difference] = [ages / weights, differences / weights];
  let [across, spread, youngest] = [0, 0, Infinity];
  for (const effect of effects) {
    const weight = 1 / effect.standardError ** 2;
    across += weight * (effect.age - age) * (effect.difference - difference);
    spread += weight * (effect.age - age) ** 2;
    youngest = Math.min(youngest, effect.age);
  }
  const slope = across / spread;
  return {
    slope,
    standardError: 1 / Math.sqrt(spread),
    first: difference + slope * (youngest - age),
  };
}

function refuse(effects: readonly EffectByAge[]): string | null {
  if (new Set(effects.map(({ age }) => age)).size < 2) {
    return "it takes the effect at two ages of exposure";
  }
  return effects.every(({ standardError }) => standardError > 0)
    ? null
    : "an effect has no standard error";
}

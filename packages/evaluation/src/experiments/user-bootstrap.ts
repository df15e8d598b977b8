import { seededRandom } from "@recsys/contracts";
import {
  summariseResamples,
  type BootstrapOptions,
  type BootstrapResult,
} from "../bootstrap.ts";

/** What one user adds to a ratio of sums: numerator and denominator. */
export interface UserSums {
  readonly numerators: ArrayLike<number>;
  readonly denominators: ArrayLike<number>;
  /** Stratum of each user, such as the segment; all rows of a user stay together. */
  readonly strata?: ArrayLike<string | number>;
}

/**
 * Percentile bootstrap of sum of numerators ÷ sum of denominators, drawing
 * users with replacement within their strata (kept at their sizes), strata in
 * the order of their first user.
 * Davison, Hinkley, Bootstrap Methods and their Application (1997), 3.2 and 3.8.
 * NaN where the denominators drawn sum to 0.
 */
export function bootstrapRatio(
  sums: UserSums,
  options: BootstrapOptions,
): BootstrapResult {
  const draw = ratioOfResample(sums, seededRandom(options.seed));
  return summariseResamples(ratioOf(sums), draw, options);
}

/** The same for ratio(b) - ratio(a) of two independent groups; per resample a's users are drawn first. */
export function bootstrapRatioDifference(
  a: UserSums,
  b: UserSums,
  options: BootstrapOptions,
): BootstrapResult {
  const random = seededRandom(options.seed);
  const drawA = ratioOfResample(a, random);
  const drawB = ratioOfResample(b, random);
  const draw = () => {
    const first = drawA();
    return drawB() - first;
  };
  return summariseResamples(ratioOf(b) - ratioOf(a), draw, options);
}

function ratioOf({ numerators, denominators }: UserSums): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < numerators.length; i++) {
    above += numerators[i] ?? 0;
    below += denominators[i] ?? 0;
  }
  return above / below;
}

function ratioOfResample(sums: UserSums, random: () => number): () => number {
  const { numerators, denominators } = sums;
  const groups = groupUsers(sums);
  return () => {
    let [above, below] = [0, 0];
    for (const users of groups) {
      const size = users.length;
      for (let drawn = 0; drawn < size; drawn++) {
        const user = users[Math.floor(random() * size)] ?? 0;
        above += numerators[user] ?? 0;
        below += denominators[user] ?? 0;
      }
    }
    return above / below;
  };
}

function groupUsers({ numerators, strata }: UserSums): number[][] {
  const groups = new Map<string | number, number[]>();
  for (let i = 0; i < numerators.length; i++) {
    const stratum = strata?.[i] ?? "";
    const group = groups.get(stratum);
    if (group === undefined) groups.set(stratum, [i]);
    else group.push(i);
  }
  return [...groups.values()];
}

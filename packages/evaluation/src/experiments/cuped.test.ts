import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { cuped } from "./cuped.ts";
import { mergePairs, momentsOf, pairMomentsOf } from "./sample-moments.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";

const SEED = 20261124;

/** Users whose past explains 64 % of the variance of what they do. */
function group(draws: ReturnType<typeof drawsOf>, n: number, effect: number) {
  const x = draws.normals(n, 10, 2);
  const y = x.map((past) => effect + 0.8 * past + draws.normal(0, 1.2));
  return pairMomentsOf(x, y);
}

test("moments of parts put together are those of the whole", () => {
  const [x, y] = [drawsOf(1).normals(50, 1e6), drawsOf(2).normals(50)];
  const parts = [0, 1, 20].map((start, i, all) => {
    const end = all[i + 1] ?? 50;
    return pairMomentsOf(x.slice(start, end), y.slice(start, end));
  });
  const merged = parts.reduce(mergePairs);
  const whole = pairMomentsOf(x, y);
  expect(merged.covariance).toBeCloseTo(whole.covariance, 9);
  expect(merged.x.variance).toBeCloseTo(momentsOf(x).variance, 6);
});

test("a covariate that does not vary says so, and the plain test stands", () => {
  const moments = pairMomentsOf([3, 3, 3], [1, 2, 4]);
  const result = cuped(moments, moments, 0.05);
  expect(result.theta.kind).toBe("not-computable");
  expect(result.adjusted.pTwoSided.kind).toBe("not-computable");
  expect(valueOf(result.unadjusted.pTwoSided)).toBe(1);
});

test("takes out the 64 % of the variance that the past explains", () => {
  const draws = drawsOf(5);
  const result = cuped(group(draws, 4000, 0), group(draws, 4000, 0), 0.05);
  expect(valueOf(result.theta)).toBeCloseTo(0.8, 1);
  expect(Math.abs(valueOf(result.varianceReduction) - 0.64)).toBeLessThan(0.03);
});

test(`covers the true effect 95 % of the time (seed ${SEED})`, () => {
  const draws = drawsOf(SEED);
  const covered = shareOf(600, () => {
    const { adjusted } = cuped(
      group(draws, 40, 0),
      group(draws, 50, 0.5),
      0.05,
    );
    const { interval } = adjusted;
    return (
      interval.kind === "interval" && interval.low < 0.5 && interval.high > 0.5
    );
  });
  expect(Math.abs(covered - 0.95)).toBeLessThan(0.028);
});

import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { pairedT, signedRankTest, signFlipTest } from "./paired-tests.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { bootstrapRatio, bootstrapRatioDifference } from "./user-bootstrap.ts";

test("differences 1, 2, 3: t = 2 / (1/√3)", () => {
  expect(valueOf(pairedT([1, 2, 3], 0.05).t)).toBeCloseTo(2 * Math.sqrt(3), 12);
  expect(pairedT([2, 2], 0.05).pTwoSided.kind).toBe("not-computable");
  expect(pairedT([], 0.05).difference.kind).toBe("not-computable");
});

test("ranks of 1, -2, 3, 3: the positive ones sum to 8", () => {
  expect(signedRankTest([1, -2, 3, 3]).wPositive).toBe(8);
  expect(signedRankTest([0, 0]).pTwoSided.kind).toBe("not-computable");
});

test("flipping the signs of 1, 1, 1, 1, 1 is as extreme in 2 of 32 cases", () => {
  const p = valueOf(signFlipTest([1, 1, 1, 1, 1], { runs: 20_000, seed: 5 }));
  expect(Math.abs(p - 2 / 32)).toBeLessThan(0.006);
  expect(signFlipTest([0], { runs: 10, seed: 1 }).kind).toBe("not-computable");
});

test("all three reject 5 % of users without a difference (seed 44)", () => {
  const { normals } = drawsOf(44);
  const counts = [0, 0, 0];
  const runs = 400;
  shareOf(runs, (run) => {
    const differences = normals(25);
    const results = [
      pairedT(differences, 0.05).pTwoSided,
      signedRankTest(differences).pTwoSided,
      signFlipTest(differences, { runs: 200, seed: run }),
    ];
    for (const [i, p] of results.entries()) {
      if (valueOf(p) <= 0.05) counts[i] = (counts[i] ?? 0) + 1;
    }
    return false;
  });
  for (const count of counts) {
    expect(Math.abs(count / runs - 0.05)).toBeLessThan(0.035);
  }
});

const options = { resamples: 300, seed: 6, confidence: 0.95 };

test("strata keep their sizes: a stratum that never varies adds no spread", () => {
  const numerators = [0, 0, 10, 10];
  const denominators = [1, 1, 1, 1];
  const strata = ["light", "light", "heavy", "heavy"];
  const kept = bootstrapRatio({ numerators, denominators, strata }, options);
  expect(kept).toMatchObject({ estimate: 5, low: 5, high: 5 });
  const free = bootstrapRatio({ numerators, denominators }, options);
  expect(free.high).toBeGreaterThan(5);
});

test("the difference of two groups is that of their ratios", () => {
  const one = { numerators: [1, 1], denominators: [2, 2] };
  const two = { numerators: [3, 3], denominators: [4, 4] };
  expect(bootstrapRatioDifference(one, two, options)).toMatchObject({
    estimate: 0.25,
    low: 0.25,
    high: 0.25,
  });
});

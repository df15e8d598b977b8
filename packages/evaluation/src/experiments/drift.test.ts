import fc from "fast-check";
import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { calibrationError } from "./calibration-error.ts";
import { jensenShannon } from "./jensen-shannon.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { populationStability } from "./psi.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";

const someCounts = fc.array(fc.integer({ min: 0, max: 50 }), {
  minLength: 4,
  maxLength: 4,
});

test("PSI of ½, ½ against ¼, ¾ is ¼ ln 3; the same shares give 0", () => {
  const value = valueOf(populationStability([5, 5], [25, 75]));
  expect(value).toBeCloseTo(0.25 * Math.log(3), 12);
  expect(valueOf(populationStability([1, 3], [10, 30]))).toBe(0);
  expect(populationStability([0, 0], [1, 2]).kind).toBe("not-computable");
});

test("Jensen–Shannon is symmetric, 0 for equal shares, 1 for nothing shared", () => {
  expect(valueOf(jensenShannon([3, 0], [0, 4]))).toBe(1);
  expect(valueOf(jensenShannon([1, 2], [2, 4]))).toBe(0);
  fc.assert(
    fc.property(someCounts, someCounts, (a, b) => {
      const there = jensenShannon(a, b);
      const back = jensenShannon(b, a);
      if (there.kind !== "number") return back.kind === "not-computable";
      return there.value <= 1 && Math.abs(valueOf(back) - there.value) < 1e-12;
    }),
    { seed: 20261121 },
  );
});

test("Kolmogorov–Smirnov of 1, 2, 3 against 3, 4: distance 2/3", () => {
  expect(valueOf(kolmogorovSmirnov([3, 1, 2], [4, 3]).distance)).toBeCloseTo(
    2 / 3,
    12,
  );
  expect(kolmogorovSmirnov([], [1]).pAsymptotic.kind).toBe("not-computable");
  expect(() => kolmogorovSmirnov([NaN, 1], [1])).toThrow();
});

test("Kolmogorov–Smirnov rejects at most 5 % of equal samples (seed 21)", () => {
  const { normals } = drawsOf(21);
  const rejected = shareOf(600, () => {
    const { pAsymptotic } = kolmogorovSmirnov(normals(80), normals(60));
    return valueOf(pAsymptotic) < 0.05;
  });
  expect(rejected).toBeLessThan(0.065);
});

test("calibration: 0.8 said four times and three times right is off by 0.05", () => {
  const outcomes = [1, 1, 1, 0] as const;
  const result = calibrationError(
    outcomes.map((outcome) => ({ probability: 0.8, outcome })),
  );
  expect(valueOf(result.expected)).toBeCloseTo(0.05, 12);
  expect(valueOf(result.overall)).toBeCloseTo(3.2 / 3, 12);
  expect(valueOf(result.brier)).toBeCloseTo(0.19, 12);
  expect(result.bins).toHaveLength(1);
});

test("calibration takes 0 and 1, refuses the rest, and needs predictions", () => {
  const sure = calibrationError([
    { probability: 1, outcome: 1 },
    { probability: 0, outcome: 0 },
  ]);
  expect(valueOf(sure.most)).toBe(0);
  expect(() => calibrationError([{ probability: 1.1, outcome: 1 }])).toThrow();
  expect(calibrationError([]).expected.kind).toBe("not-computable");
});

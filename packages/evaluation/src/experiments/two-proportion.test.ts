import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { twoProportionTest } from "./two-proportion.ts";

const SEED = 20261122;
type Counts = readonly [a: number, nA: number, b: number, nB: number];
const proportion = (...[a, nA, b, nB]: Counts) =>
  twoProportionTest({ successes: a, n: nA }, { successes: b, n: nB }, 0.05);

test("20 of 100 against 30 of 100: z = 0.1 / √(0.25 · 0.75 · 0.02)", () => {
  const result = proportion(20, 100, 30, 100);
  expect(valueOf(result.z)).toBeCloseTo(0.1 / Math.sqrt(0.00375), 12);
  expect(valueOf(result.relativeLift)).toBeCloseTo(0.5, 12);
});

test("says why there is no test or lift when nobody succeeds", () => {
  const result = proportion(0, 10, 0, 12);
  expect(valueOf(result.difference)).toBe(0);
  expect(result.pTwoSided.kind).toBe("not-computable");
  expect(result.relativeLift).toEqual({
    kind: "not-computable",
    because: "there is no success in a",
  });
  expect(result.wilsonA).toMatchObject({ kind: "interval", low: 0 });
});

test("an empty group has no proportion", () => {
  expect(proportion(0, 0, 1, 2).proportionA.kind).toBe("not-computable");
  expect(proportion(0, 0, 1, 2).difference.kind).toBe("not-computable");
});

test(`rejects 5 % of experiments without an effect (seed ${SEED})`, () => {
  const { uniform } = drawsOf(SEED);
  const count = () => shareOf(400, () => uniform() < 0.3) * 400;
  const rejected = shareOf(1500, () => {
    return valueOf(proportion(count(), 400, count(), 400).pTwoSided) < 0.05;
  });
  expect(Math.abs(rejected - 0.05)).toBeLessThan(0.018);
});

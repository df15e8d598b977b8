import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { ratioTest } from "./ratio-metric.ts";
import { pairMomentsOf } from "./sample-moments.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { bootstrapRatio } from "./user-bootstrap.ts";

const SEED = 20261123;

/** Users with 1 to 20 views who click on a share of their own. */
function clickers(uniform: () => number, n: number, rate: number) {
  const views = Array.from({ length: n }, () => 1 + Math.floor(20 * uniform()));
  const clicks = views.map((view) => {
    const own = rate * 2 * uniform();
    return shareOf(view, () => uniform() < own) * view;
  });
  return { views, clicks, moments: pairMomentsOf(views, clicks) };
}

test("a constant ratio per user has no variance, so no test but an interval of a point", () => {
  const moments = pairMomentsOf([2, 4, 6], [1, 2, 3]);
  const result = ratioTest(moments, moments, 0.05);
  expect(valueOf(result.ratioA)).toBe(0.5);
  expect(valueOf(result.varianceA)).toBeCloseTo(0, 12);
  expect(valueOf(result.difference)).toBe(0);
});

test("a group that saw nothing has no ratio", () => {
  const none = pairMomentsOf([0, 0], [0, 0]);
  const some = pairMomentsOf([1, 2], [0, 1]);
  expect(ratioTest(none, some, 0.05).ratioA.kind).toBe("not-computable");
  expect(ratioTest(none, some, 0.05).interval.kind).toBe("not-computable");
});

test("agrees with the bootstrap over users", () => {
  const { views, clicks, moments } = clickers(drawsOf(4).uniform, 800, 0.2);
  const delta = Math.sqrt(valueOf(ratioTest(moments, moments, 0.05).varianceA));
  const drawn = bootstrapRatio(
    { numerators: clicks, denominators: views },
    { resamples: 800, seed: 3, confidence: 0.95 },
  );
  expect(drawn.standardError / delta).toBeGreaterThan(0.9);
  expect(drawn.standardError / delta).toBeLessThan(1.1);
});

test(`rejects 5 % of experiments without an effect, users being the unit (seed ${SEED})`, () => {
  const { uniform } = drawsOf(SEED);
  const rejected = shareOf(600, () => {
    const [a, b] = [clickers(uniform, 60, 0.2), clickers(uniform, 60, 0.2)];
    const { pTwoSided } = ratioTest(a.moments, b.moments, 0.05);
    return valueOf(pTwoSided) < 0.05;
  });
  expect(Math.abs(rejected - 0.05)).toBeLessThan(0.03);
});

import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { alwaysValid, narrowestPrior, sequenceReach } from "./always-valid.ts";
import { momentsOf } from "./sample-moments.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { welchTest } from "./welch-t.ts";

const SEED = 20261125;
const LOOKS = Array.from({ length: 15 }, (_, i) => 20 * (i + 1));

/** All looks at one experiment that grows. */
function looksAt(draws: ReturnType<typeof drawsOf>, effect: number) {
  const most = LOOKS.at(-1) ?? 0;
  const [a, b] = [draws.normals(most), draws.normals(most, effect)];
  return LOOKS.map((n) => ({
    a: momentsOf(a.slice(0, n)),
    b: momentsOf(b.slice(0, n)),
  }));
}

const settings = { tau2: 0.05, alpha: 0.05 };

test("p never rises, and is unknown before it can be computed", () => {
  const group = (mean: number, n: number) => ({ n, mean, variance: 1 });
  const steps = alwaysValid(
    [
      { a: group(0, 1), b: group(0, 1) },
      { a: group(0, 50), b: group(1, 50) },
      { a: group(0, 99), b: group(0, 99) },
    ],
    settings,
  );
  expect(steps[0]?.p.kind).toBe("not-computable");
  const [, second, third] = steps.map((step) => valueOf(step.p));
  expect(second).toBeLessThan(0.05);
  expect(third).toBe(second);
});

test("the interval leaves 0 out exactly when this look alone rejects", () => {
  const draws = drawsOf(8);
  for (const look of looksAt(draws, 0.4)) {
    const [step] = alwaysValid([look], settings);
    if (step?.interval.kind !== "interval") throw new Error("no interval");
    const rejects = valueOf(step.p) < 0.05;
    expect(step.interval.low > 0 || step.interval.high < 0).toBe(rejects);
  }
});

test("the narrowest prior beats its neighbours", () => {
  const tau2 = narrowestPrior(0.01, 0.05);
  const reach = (scale: number) =>
    sequenceReach(0.01, { tau2: tau2 * scale, alpha: 0.05 });
  expect(reach(1)).toBeLessThan(reach(0.9));
  expect(reach(1)).toBeLessThan(reach(1.1));
});

test(`looking fifteen times rejects a null at most 5 % of the time; the fixed test more than 12 % (seed ${SEED})`, () => {
  const draws = drawsOf(SEED);
  let fixed = 0;
  const rejected = shareOf(400, () => {
    const looks = looksAt(draws, 0);
    const p = looks.map(({ a, b }) => valueOf(welchTest(a, b, 0.05).pTwoSided));
    if (p.some((value) => value < 0.05)) fixed++;
    return (
      valueOf(
        alwaysValid(looks, settings).at(-1)?.p ?? {
          kind: "not-computable",
          because: "",
        },
      ) < 0.05
    );
  });
  expect(rejected).toBeLessThan(0.06);
  expect(fixed / 400).toBeGreaterThan(0.12);
});

test(`all intervals of a run together hold the true effect 95 % of the time (seed ${SEED})`, () => {
  const draws = drawsOf(SEED + 1);
  const covered = shareOf(300, () =>
    alwaysValid(looksAt(draws, 0.3), settings).every(
      ({ interval }) =>
        interval.kind === "interval" &&
        interval.low < 0.3 &&
        interval.high > 0.3,
    ),
  );
  expect(covered).toBeGreaterThan(0.93);
});

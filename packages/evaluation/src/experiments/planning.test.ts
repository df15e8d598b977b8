import fc from "fast-check";
import { expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { planDuration } from "./plan-duration.ts";
import {
  meanDetectable,
  meanPower,
  proportionDetectable,
  proportionPower,
} from "./power.ts";
import { meanSampleSize, proportionSampleSize } from "./sample-size.ts";

const settings = { alpha: 0.05, power: 0.8, ratio: 1 };

test("the planned size reaches the planned power, one user fewer does not", () => {
  const rise = { p1: 0.04, p2: 0.05 };
  const size = proportionSampleSize(rise, settings);
  const n = valueOf(size.nA);
  const power = (users: number) =>
    proportionPower(rise, { nA: users, nB: users }, 0.05);
  expect(power(n)).toBeGreaterThanOrEqual(0.8);
  expect(power(n - 1)).toBeLessThan(0.8);
});

test("no difference needs no finite number of users", () => {
  const none = meanSampleSize({ sd: 1, delta: 0 }, settings);
  expect(none.nA.kind).toBe("not-computable");
});

test("power rises with users, effect and alpha, from alpha to 1", () => {
  const users = fc.integer({ min: 2, max: 10_000 });
  const delta = fc.double({ min: 0, max: 2, noNaN: true });
  fc.assert(
    fc.property(users, delta, (n, effect) => {
      const groups = { nA: n, nB: n };
      const power = meanPower({ sd: 1, delta: effect }, groups, 0.05);
      const more = { nA: n + 1, nB: n };
      return (
        power >= 0.05 - 1e-12 &&
        meanPower({ sd: 1, delta: effect }, more, 0.05) >= power - 1e-12 &&
        meanPower({ sd: 1, delta: effect + 0.1 }, groups, 0.05) >= power &&
        meanPower({ sd: 1, delta: effect }, groups, 0.1) >= power
      );
    }),
    { seed: 20261121 },
  );
});

test("the detectable effect has the power that was asked", () => {
  const groups = { nA: 400, nB: 500 };
  const delta = meanDetectable({ sd: 2, ...groups }, settings);
  expect(meanPower({ sd: 2, delta }, groups, 0.05)).toBeCloseTo(0.8, 4);
  const rise = valueOf(proportionDetectable({ p1: 0.1, ...groups }, settings));
  expect(
    proportionPower({ p1: 0.1, p2: 0.1 + rise }, groups, 0.05),
  ).toBeCloseTo(0.8, 9);
  expect(
    proportionDetectable(
      { p1: 0.1, nA: 2, nB: 2 },
      { alpha: 0.001, power: 0.99 },
    ).kind,
  ).toBe("not-computable");
});

test("the duration comes from the site's own traffic, in whole weeks", () => {
  const number = (value: number) => ({ kind: "number" as const, value });
  const size = { exact: number(450), nA: number(450), nB: number(450) };
  const reached = [200, 350, 480, 600];
  const plan = planDuration(size, { reached, share: 0.5 });
  // 1,800 visitors are needed; after day 4 about 100 new ones come each day: (600 - 0) / 4 = 150 at most.
  expect(plan).toEqual({
    usersNeeded: number(900),
    days: number(4 + 8),
    weeks: number(2),
    extrapolated: true,
  });
  const soon = planDuration(size, { reached: [500, 950], share: 1 });
  expect(soon).toMatchObject({ days: number(2), extrapolated: false });
});

test("a site without traffic never gets there", () => {
  const size = meanSampleSize({ sd: 1, delta: 0.1 }, settings);
  const plan = planDuration(size, { reached: [], share: 1 });
  expect(plan.days.kind).toBe("not-computable");
});

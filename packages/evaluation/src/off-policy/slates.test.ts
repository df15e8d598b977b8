import { describe, expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { SLATE_ESTIMATORS } from "./index.ts";
import type { LoggedSlate } from "./slate-rows.ts";

/** The target puts the good item first with 0.9, second with 0.8; the log flips a coin for each slot. */
const TARGETS = [0.9, 0.8] as const;

/** All four slates once, as often as the log shows them; true: the good item. */
function everySlate(
  rewardsOf: (first: boolean, second: boolean) => readonly number[],
): LoggedSlate[] {
  return [true, false].flatMap((first) =>
    [true, false].map((second) => ({
      rewards: rewardsOf(first, second),
      propensities: [0.5, 0.5],
      targets: [
        first ? TARGETS[0] : 1 - TARGETS[0],
        second ? TARGETS[1] : 1 - TARGETS[1],
      ],
    })),
  );
}

function valueOfSlates(name: string, slates: readonly LoggedSlate[]): number {
  const estimator = SLATE_ESTIMATORS.find((one) => one.name === name);
  if (estimator === undefined) throw new Error(`no estimator ${name}`);
  return valueOf(estimator.estimate(slates, 0.05).value);
}

const good = (is: boolean) => (is ? 1 : 0);
const independent = everySlate((first, second) => [good(first), good(second)]);
const cascade = everySlate((first, second) => [
  good(first),
  first ? 0 : good(second),
]);
const whole = everySlate((first, second) => [first && second ? 1 : 0, 0]);

describe("slates whose slots are rewarded on their own: 0.9 + 0.8", () => {
  test.each(SLATE_ESTIMATORS)("$name gives 1.7", ({ name }) => {
    expect(valueOfSlates(name, independent)).toBeCloseTo(1.7, 12);
  });
});

describe("users who stop at the first good item: 0.9 + 0.1 · 0.8", () => {
  test.each([
    ["slate_standard", 0.98],
    ["slate_reward_interaction", 0.98],
    // The second slot as if the first were still a coin: 0.9 + 0.5 · 0.8.
    ["slate_independent", 1.3],
  ] as const)("%s gives %d", (name, value) => {
    expect(valueOfSlates(name, cascade)).toBeCloseTo(value, 12);
  });
});

describe("a reward for the whole slate only: 0.9 · 0.8", () => {
  test.each([
    ["slate_standard", 0.72],
    ["slate_independent", 0.9 * 0.5],
    ["slate_pseudo_inverse", (1 + 0.8 + 0.6) / 4],
  ] as const)("%s gives %d", (name, value) => {
    expect(valueOfSlates(name, whole)).toBeCloseTo(value, 12);
  });
});

test("slots of different lengths and impossible slots are refused", () => {
  const short = { rewards: [1], propensities: [0.5, 0.5], targets: [1, 1] };
  expect(() => valueOfSlates("slate_standard", [short])).toThrow("slate 0");
  const impossible = { rewards: [1], propensities: [0], targets: [1] };
  expect(() => valueOfSlates("slate_standard", [impossible])).toThrow("slot 0");
});

test("no slates, no value", () => {
  expect(valueOfSlates("slate_independent", [])).toBeNaN();
});

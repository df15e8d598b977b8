import { plainKernels } from "@recsys/kernels";
import { describe, expect, it } from "vitest";
import { fitBetaPrior, smoothedRate } from "./beta-prior.ts";
import type { ItemCounts } from "./item-counts.ts";
import { itemRates } from "./item-rates.ts";

const LIMITS = { least: 1, most: 10000 };
const fit = (successes: number[], trials: number[]) =>
  fitBetaPrior(
    {
      successes: Float64Array.from(successes),
      trials: Float64Array.from(trials),
    },
    LIMITS,
  );

describe("the prior of rates", () => {
  it("is fitted by moments, worked out by hand", () => {
    // m = 0.2; S = 100·0.01 + 100·0.01 = 2, over m(1−m) = 12.5; K−1 = 1,
    // N − Σn²/N = 100: ρ = (12.5 − 1) / (100 − 1), α + β = 99/11.5 − 1.
    const prior = fit([10, 30], [100, 100]);
    const strength = 99 / 11.5 - 1;
    expect(prior?.alpha).toBeCloseTo(0.2 * strength, 10);
    expect(prior?.beta).toBeCloseTo(0.8 * strength, 10);
  });

  it("is as strong as it may be where items differ no more than by chance", () => {
    expect(fit([20, 20], [100, 100])).toEqual({ alpha: 2000, beta: 8000 });
    expect(fit([3], [10])).toEqual({ alpha: 3000, beta: 7000 });
  });

  it("is none without trials or successes", () => {
    expect(fit([], [])).toBe(null);
    expect(fit([0, 5], [10, 0])).toBe(null);
  });

  it("finds the strength that rates were drawn with", () => {
    // Half of the items have the rate 0.1, half 0.3: mean 0.2, variance 0.01
    // = m(1−m)/(α+β+1), so that α + β = 15.
    const trials = Array.from({ length: 400 }, () => 1000);
    const successes = trials.map((n, i) => n * (i % 2 === 0 ? 0.1 : 0.3));
    const prior = fit(successes, trials);
    // Without chance in the counts the variance within items is missing.
    expect((prior?.alpha ?? 0) + (prior?.beta ?? 0)).toBeGreaterThan(14);
    expect((prior?.alpha ?? 0) + (prior?.beta ?? 0)).toBeLessThan(16);
  });

  it("takes less of the word of an item that was hardly shown", () => {
    const prior = { alpha: 2, beta: 8 };
    expect(smoothedRate(1, 1, prior)).toBeCloseTo(3 / 11, 12);
    expect(smoothedRate(1000, 1000, prior)).toBeCloseTo(1002 / 1010, 12);
    expect(smoothedRate(0, 0, prior)).toBe(0.2);
    expect(smoothedRate(5, 2, prior)).toBeCloseTo(4 / 12, 12);
  });
});

describe("item-rates", () => {
  const counts: ItemCounts = {
    items: ["mug", "tea"],
    shown: Float64Array.of(100, 100),
    clicks: Float64Array.of(10, 30),
    purchases: Float64Array.of(0, 0),
    hides: Float64Array.of(5, 0),
    bought: Float64Array.of(4, 0),
    returned: Float64Array.of(1, 0),
  };
  const learn = (given: ItemCounts) =>
    itemRates.compute(given, {}, { asOf: 0, kernels: plainKernels });

  it("gives each rate as a share of the largest, and the prior to what nobody has seen", () => {
    const { values, typical, calibrations } = learn(counts);
    const strength = 99 / 11.5 - 1;
    const rate = (clicks: number) =>
      (clicks + 0.2 * strength) / (100 + strength);
    expect(values.click[1]).toBe(1);
    expect(values.click[0]).toBeCloseTo(rate(10) / rate(30), 6);
    expect(typical.click).toBeCloseTo(0.2 / rate(30), 6);
    expect(calibrations.click.scale).toBeCloseTo(rate(30), 12);
    expect([...values.purchase, typical.purchase]).toEqual([0, 0, 0]);
    expect(values.hide[0]).toBe(1);
    expect(values.hide[1]).toBeLessThan(1);
    // Of four purchases one came back; nobody bought tea: both have the prior's rate.
    expect([...values.return]).toEqual([1, 1]);
  });

  it("measures exposure by its logarithm", () => {
    const { values, typical } = learn({
      ...counts,
      shown: Float64Array.of(9, 99),
    });
    expect(values.exposure[0]).toBeCloseTo(0.5, 6);
    expect(values.exposure[1]).toBe(1);
    expect(typical.exposure).toBe(0);
  });

  it("refuses columns that do not fit", () => {
    const cut = { ...counts, clicks: Float64Array.of(1) };
    expect(() => learn(cut)).toThrow("clicks has 1 rows, items has 2");
    const twice = { ...counts, items: ["tea", "tea"] };
    expect(() => learn(twice)).toThrow("tea does not come after tea");
    const below = { ...counts, hides: Float64Array.of(0, -1) };
    expect(() => learn(below)).toThrow("row 1: hides is no count");
  });
});

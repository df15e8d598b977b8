import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { bayesianBeta } from "./bayesian-beta.ts";
import { benjaminiHochberg, bonferroni, holm } from "./multiple-testing.ts";
import { sampleRatioTest } from "./sample-ratio.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";

describe("sample ratio", () => {
  test("5,000 against 5,500 is a mismatch, 5,000 against 5,100 is not", () => {
    expect(sampleRatioTest([5000, 5500], [1, 1]).mismatch).toBe(true);
    expect(sampleRatioTest([5000, 5100], [1, 1]).mismatch).toBe(false);
  });

  test("people in a variant that should get nobody are a mismatch", () => {
    const result = sampleRatioTest([100, 1], [1, 0]);
    expect(result.mismatch).toBe(true);
    expect(valueOf(result.p)).toBe(0);
    expect(sampleRatioTest([100, 0, 99], [1, 0, 1]).mismatch).toBe(false);
  });

  test("nobody at all, or one variant, is no test", () => {
    expect(sampleRatioTest([0, 0], [1, 1]).p.kind).toBe("not-computable");
    expect(sampleRatioTest([7], [1]).p.kind).toBe("not-computable");
    expect(() => sampleRatioTest([1], [1, 2])).toThrow("1 counts, 2 ratios");
  });
});

describe("multiple testing", () => {
  const somePs = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 12,
  });

  test("p ≤ Benjamini–Hochberg ≤ Holm ≤ Bonferroni, in any order of input", () => {
    fc.assert(
      fc.property(somePs, (p) => {
        const [bh, h, bonf] = [benjaminiHochberg(p), holm(p), bonferroni(p)];
        const reversed = benjaminiHochberg(p.toReversed()).reverse();
        return p.every((value, i) => {
          const row = [value, bh[i] ?? NaN, h[i] ?? NaN, bonf[i] ?? NaN];
          const ascending = row.every((v, j) => v >= (row[j - 1] ?? 0) - 1e-12);
          return ascending && reversed[i] === bh[i];
        });
      }),
      { seed: 20261121 },
    );
  });

  test("Holm keeps the family-wise error at 5 % (seed 12)", () => {
    const { uniform } = drawsOf(12);
    const anyRejected = shareOf(2000, () =>
      holm(Array.from({ length: 8 }, uniform)).some((p) => p < 0.05),
    );
    expect(Math.abs(anyRejected - 0.05)).toBeLessThan(0.017);
  });

  test("refuses what is no probability, takes an empty list", () => {
    expect(() => holm([0.1, 1.2])).toThrow("p-value 1.2");
    expect(benjaminiHochberg([])).toEqual([]);
  });
});

describe("beta-binomial", () => {
  const some = fc
    .tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 }))
    .map(([successes, failures]) => ({ successes, n: successes + failures }));

  test("uniform posteriors: b wins half of the time and costs 1/6", () => {
    const none = { successes: 0, n: 0 };
    const result = bayesianBeta(none, none);
    expect(valueOf(result.probabilityBGreater)).toBeCloseTo(0.5, 12);
    expect(valueOf(result.expectedLossB)).toBeCloseTo(1 / 6, 12);
  });

  test("both orders add up, and the losses differ by the means", () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const [there, back] = [bayesianBeta(a, b), bayesianBeta(b, a)];
        const mean = ({ successes, n }: typeof a) => (successes + 1) / (n + 2);
        const loss =
          valueOf(there.expectedLossA) - valueOf(there.expectedLossB);
        const sum =
          valueOf(there.probabilityBGreater) +
          valueOf(back.probabilityBGreater);
        return (
          Math.abs(sum - 1) < 1e-11 &&
          Math.abs(loss - (mean(b) - mean(a))) < 1e-11
        );
      }),
      { seed: 20261121 },
    );
  });

  test("refuses more successes than trials", () => {
    const result = bayesianBeta({ successes: 3, n: 2 }, { successes: 1, n: 2 });
    expect(result.probabilityBGreater).toEqual({
      kind: "not-computable",
      because: "3 of 2 is no count of successes",
    });
  });

  test("the credible interval of 0 of 0 is the uniform one", () => {
    const none = { successes: 0, n: 0 };
    const { credibleA } = bayesianBeta(none, none, { alpha: 0.1 });
    expect(credibleA.kind).toBe("interval");
    if (credibleA.kind !== "interval") return;
    expect(credibleA.low).toBeCloseTo(0.05, 12);
    expect(credibleA.high).toBeCloseTo(0.95, 12);
  });
});

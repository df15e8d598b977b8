import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fairBinomialCdf } from "./binomial.ts";
import { betaQuantile, incompleteBeta } from "./incomplete-beta.ts";
import { chiSquareSurvival } from "./incomplete-gamma.ts";
import { kolmogorovSurvival } from "./kolmogorov.ts";
import { normalCdf, normalQuantile, normalSurvival } from "./normal.ts";
import { logGamma } from "./stirling.ts";
import { studentCritical, studentTwoSided } from "./student-t.ts";

/** From scipy 1.17: arguments first, then the value (of the incomplete beta: lower, upper). */
const REFERENCE = {
  normalSurvival: [
    [-6, 0.9999999990134123],
    [-1.25, 0.8943502263331446],
    [0, 0.5],
    [0.3, 0.3820885778110474],
    [0.65, 0.2578461108058647],
    [1.96, 0.024997895148220435],
    [2.5, 0.006209665325776132],
    [5.7, 5.99037140106353e-9],
    [8, 6.22096057427174e-16],
    [15, 3.6709661993126986e-51],
    [37.5, 4.605353009581954e-308],
  ],
  normalQuantile: [
    [1e-250, -33.79958617269484],
    [1e-18, -8.757290348782316],
    [1e-6, -4.753424308822899],
    [0.0005, -3.2905267314918945],
    [0.025, -1.9599639845400545],
    [0.07, -1.4757910281791706],
    [0.2, -0.8416212335729142],
    [0.45, -0.12566134685507402],
  ],
  studentTwoSided: [
    [0.01, 1, 0.993634014470186],
    [2.5, 3.3, 0.08005283630835447],
    [12.7, 1, 0.050024327689344165],
    [1.96, 17.367, 0.0662426876113357],
    [4, 200.5, 8.90587555042048e-5],
    [6.5, 12345.6, 8.341060785771584e-11],
    [30, 3, 8.135280427163958e-5],
    [0.6, 1000000.0, 0.548506371455762],
    [200, 1.5, 0.0002666341760992972],
  ],
  studentCritical: [
    [0.05, 1, 12.706204736174705],
    [0.05, 2.2, 3.948720749712724],
    [0.05, 17.367583745658987, 2.1064191192226693],
    [0.01, 75.97, 2.64210510094602],
    [0.001, 3, 12.923978636687481],
    [0.05, 100000.5, 1.9599877074159942],
    [0.5, 4, 0.7406970841126829],
    [1e-8, 9, 19.78217906536479],
  ],
  chiSquareSurvival: [
    [0.01, 1, 0.920344325445942],
    [0.7157, 1, 0.39755801958305814],
    [23.67, 1, 1.1435128726889311e-6],
    [1.78, 2, 0.41065575275234545],
    [500, 3, 4.771672031912771e-108],
    [98.2, 100, 0.5322063083854092],
    [1100, 1000, 0.014614408126295192],
    [3, 7, 0.8850022316431506],
  ],
  incompleteBeta: [
    [0.3, 2, 3, 0.34829999999999994, 0.6517000000000001],
    [0.5, 0.5, 0.5, 0.5000000000000001, 0.5],
    [0.01, 0.1, 9, 0.8161460487703833, 0.18385395122961676],
    [0.75, 300, 100, 0.4923193471017301, 0.5076806528982708],
    [0.301, 3000.5, 7000, 0.5844743795960656, 0.41552562040393287],
    [0.0301, 30000, 970000, 0.721538016797628, 0.2784619832023723],
    [0.999, 50, 0.3, 0.5524049218371451, 0.4475950781628551],
  ],
  betaQuantile: [
    [0.025, 16, 186, 0.046183145691709844],
    [0.5, 2, 3, 0.3857275681323895],
    [0.975, 23, 189, 0.153597726767723],
    [0.025, 1, 11, 0.002298972213814267],
    [0.3, 5000, 3000, 0.6221691045270001],
  ],
  kolmogorovSurvival: [
    [0.25, 0.9999999731761899],
    [0.4, 0.9971923267772983],
    [0.7, 0.7112351950296893],
    [0.99, 0.2808738392255489],
    [1.0, 0.26999967167735456],
    [1.24, 0.09235168655233264],
    [2, 0.0006709252557796953],
    [4, 2.532833109818835e-14],
  ],
  fairBinomialCdf: [
    [0, 1, 0.5],
    [11, 31, 0.07480639219284058],
    [3, 20, 0.0012884140014648438],
    [480, 1000, 0.10872414660207075],
    [400, 1000, 1.3642320780329735e-10],
  ],
  logGamma: [
    [0.05, 2.968879201051731],
    [0.5, 0.5723649429247004],
    [1.5, -0.12078223763524543],
    [3.7, 1.4280723266653883],
    [10, 12.801827480081467],
    [44.25, 122.47699424143096],
    [1234.5, 7550.550901077896],
    [10000000.0, 151180949.3694739],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly number[])[]>>;

type Compute = (...args: readonly number[]) => number;
const COMPUTE: Readonly<Record<keyof typeof REFERENCE, Compute>> = {
  normalSurvival: (z = NaN) => normalSurvival(z),
  normalQuantile: (p = NaN) => normalQuantile(p),
  studentTwoSided: (t = NaN, df = NaN) => studentTwoSided(t, df),
  studentCritical: (alpha = NaN, df = NaN) => studentCritical(alpha, df),
  chiSquareSurvival: (x = NaN, df = NaN) => chiSquareSurvival(x, df),
  incompleteBeta: (x = NaN, a = NaN, b = NaN) =>
    incompleteBeta({ x, y: 1 - x }, a, b).lower,
  betaQuantile: (p = NaN, a = NaN, b = NaN) => betaQuantile(p, a, b),
  kolmogorovSurvival: (x = NaN) => kolmogorovSurvival(x),
  fairBinomialCdf: (k = NaN, n = NaN) => fairBinomialCdf(k, n),
  logGamma: (x = NaN) => logGamma(x),
};

/** Arguments of each function; a second value (the upper tail) is not one. */
const ARITY: Readonly<Partial<Record<string, number>>> = { incompleteBeta: 3 };

describe.each(Object.entries(REFERENCE))("%s", (name, rows) => {
  const compute = COMPUTE[name as keyof typeof REFERENCE];
  test.each<readonly number[]>(rows)(
    "agrees to 1e-12: %s %s %s %s",
    (...row) => {
      const arity = ARITY[name] ?? row.length - 1;
      const expected = row[arity] ?? NaN;
      const off = Math.abs(compute(...row.slice(0, arity)) - expected);
      expect(off).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + 1e-300);
    },
  );
});

test.each(REFERENCE.incompleteBeta)(
  "the upper tail of beta(%s, %s, %s) agrees too",
  (...[x, a, b, , upper]) => {
    const own = incompleteBeta({ x, y: 1 - x }, a, b).upper;
    expect(Math.abs(own - upper)).toBeLessThanOrEqual(1e-12 * upper);
  },
);

const SEED = 20261121;
const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });

test("the normal quantile undoes the distribution", () => {
  fc.assert(
    fc.property(probability, (p) => {
      const back = normalCdf(normalQuantile(p));
      return Math.abs(back - p) <= 1e-13 * Math.max(p, 1e-3);
    }),
    { seed: SEED },
  );
});

test("Student's critical value undoes the two-sided p-value", () => {
  const df = fc.double({ min: 1, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(probability, df, (alpha, freedom) => {
      const back = studentTwoSided(studentCritical(alpha, freedom), freedom);
      return Math.abs(back - alpha) <= 1e-11 * alpha;
    }),
    { seed: SEED, numRuns: 50 },
  );
});

test("the incomplete beta is symmetric and adds up to 1", () => {
  const shape = fc.double({ min: 0.05, max: 5000, noNaN: true });
  fc.assert(
    fc.property(probability, shape, shape, (x, a, b) => {
      const point = { x, y: 1 - x };
      const { lower, upper } = incompleteBeta(point, a, b);
      const mirrored = incompleteBeta({ x: point.y, y: x }, b, a);
      return (
        Math.abs(lower + upper - 1) < 1e-12 &&
        Math.abs(mirrored.upper - lower) < 1e-11
      );
    }),
    { seed: SEED },
  );
});

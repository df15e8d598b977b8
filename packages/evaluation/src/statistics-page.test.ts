import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { valueOf } from "./computed.ts";
import { checkAa } from "./experiments/a-a-check.ts";
import { alwaysValid } from "./experiments/always-valid.ts";
import { bayesianBeta } from "./experiments/bayesian-beta.ts";
import { calibrationError } from "./experiments/calibration-error.ts";
import { cuped } from "./experiments/cuped.ts";
import { jensenShannon } from "./experiments/jensen-shannon.ts";
import { kolmogorovSmirnov } from "./experiments/kolmogorov-smirnov.ts";
import { mannWhitney } from "./experiments/mann-whitney.ts";
import { judgeClaim } from "./experiments/margins.ts";
import { holm } from "./experiments/multiple-testing.ts";
import { noveltyEffect } from "./experiments/novelty-effect.ts";
import { pairedT } from "./experiments/paired-tests.ts";
import { planDuration } from "./experiments/plan-duration.ts";
import { meanPower } from "./experiments/power.ts";
import { populationStability } from "./experiments/psi.ts";
import { ratioTest } from "./experiments/ratio-metric.ts";
import { momentsOf, pairMomentsOf } from "./experiments/sample-moments.ts";
import { sampleRatioTest } from "./experiments/sample-ratio.ts";
import { meanSampleSize } from "./experiments/sample-size.ts";
import { twoProportionTest } from "./experiments/two-proportion.ts";
import { bootstrapRatio } from "./experiments/user-bootstrap.ts";
import { welchTest } from "./experiments/welch-t.ts";
import { wilsonInterval } from "./experiments/wilson-interval.ts";
import { balancedInterleave } from "./interleaving/balanced.ts";
import { optimisedMultileave } from "./interleaving/optimised-multileave.ts";
import { summariseWins } from "./interleaving/summarise-wins.ts";
import { teamDraft } from "./interleaving/team-draft.ts";
import { diagnoseSupport } from "./off-policy/diagnose-support.ts";
import { diagnoseWeights } from "./off-policy/diagnose-weights.ts";
import { ESTIMATORS, SLATE_ESTIMATORS } from "./off-policy/index.ts";
import { weighRows } from "./off-policy/weighted-rows.ts";

const page = readFileSync(
  new URL("../../../docs/statistics.md", import.meta.url),
  "utf8",
);

const number = (value: number) => ({ kind: "number" as const, value });
const users = (n: number) => ({
  exact: number(n),
  nA: number(n),
  nB: number(n),
});

const log = weighRows(
  Array.from({ length: 10 }, (_, i) => ({
    action: i === 0 ? 0 : 1,
    reward: i === 0 ? 1 : 0.5,
    propensity: i === 0 ? 0.1 : 0.9,
    target: [0.5, 0.5],
    predicted: [0.6, 0.6],
  })),
);
const settings = {
  alpha: 0.05,
  clipLambda: 2,
  switchLambda: 2,
  shrinkLambda: 4,
};

const slates = [true, false].flatMap((first) =>
  [true, false].map((second) => ({
    rewards: [first ? 1 : 0, !first && second ? 1 : 0],
    propensities: [0.5, 0.5],
    targets: [first ? 0.9 : 0.1, second ? 0.8 : 0.2],
  })),
);

/** The worked cases of the page. */
const WORKED: Readonly<Record<string, () => number | string>> = {
  two_proportion: () =>
    valueOf(
      twoProportionTest(
        { successes: 20, n: 100 },
        { successes: 30, n: 100 },
        0.05,
      ).z,
    ),
  wilson_interval: () => {
    const interval = wilsonInterval({ successes: 0, n: 10 }, 0.05);
    return interval.kind === "interval" ? interval.high : NaN;
  },
  welch_t: () =>
    valueOf(welchTest(momentsOf([1, 2, 3]), momentsOf([3, 5, 7]), 0.05).t),
  ratio_metric: () =>
    valueOf(
      ratioTest(
        pairMomentsOf([2, 4], [1, 3]),
        pairMomentsOf([2, 2], [1, 1]),
        0.05,
      ).difference,
    ),
  cuped: () =>
    valueOf(
      cuped(pairMomentsOf([0, 2], [0, 2]), pairMomentsOf([1, 3], [2, 4]), 0.05)
        .theta,
    ),
  mann_whitney: () => mannWhitney([1, 2], [2, 3]).uB,
  paired_tests: () => valueOf(pairedT([1, 2, 3], 0.05).t),
  user_bootstrap: () =>
    bootstrapRatio(
      { numerators: [1, 3], denominators: [2, 2] },
      { resamples: 1, seed: 1, confidence: 0.95 },
    ).estimate,
  sample_ratio: () => valueOf(sampleRatioTest([60, 40], [1, 1]).chiSquare),
  multiple_testing: () => holm([0.01, 0.04, 0.03])[2] ?? NaN,
  always_valid: () => {
    const group = (mean: number) => ({ n: 100, mean, variance: 1 });
    const look = { a: group(0), b: group(0.4) };
    const [step] = alwaysValid([look], { tau2: 0.02, alpha: 0.05 });
    return step === undefined ? NaN : valueOf(step.logLikelihoodRatio);
  },
  bayesian_beta: () => {
    const none = { successes: 0, n: 0 };
    return valueOf(bayesianBeta(none, none).expectedLossB);
  },
  power: () => meanPower({ sd: 1, delta: 0.5 }, { nA: 50, nB: 50 }, 0.05),
  sample_size: () =>
    valueOf(
      meanSampleSize(
        { sd: 2, delta: 0.2 },
        { alpha: 0.05, power: 0.8, ratio: 1 },
      ).nA,
    ),
  plan_duration: () =>
    valueOf(
      planDuration(users(450), { reached: [200, 350, 480, 600], share: 0.5 })
        .days,
    ),
  margins: () =>
    judgeClaim(
      { kind: "interval", low: -0.09, high: 0.01 },
      { kind: "non-inferiority", margin: 0.1 },
    ).verdict,
  novelty_effect: () =>
    valueOf(
      noveltyEffect(
        [3, 2, 1].map((difference, age) => ({
          age,
          difference,
          standardError: 1,
        })),
        0.05,
      ).slope,
    ),
  a_a_check: () => {
    const rest = Array.from({ length: 19 }, (_, i) => 0.06 + i / 20);
    return valueOf(checkAa([0.01, ...rest], 0.05).rate);
  },
  psi: () => valueOf(populationStability([1, 1], [1, 3])),
  jensen_shannon: () => valueOf(jensenShannon([1, 1], [1, 0])),
  kolmogorov_smirnov: () =>
    valueOf(kolmogorovSmirnov([1, 2, 3], [3, 4]).distance),
  calibration_error: () =>
    valueOf(
      calibrationError(
        ([1, 1, 1, 0] as const).map((outcome) => ({
          probability: 0.8,
          outcome,
        })),
      ).expected,
    ),
  diagnose_weights: () =>
    valueOf(diagnoseWeights(log.weight).effectiveSampleSize),
  diagnose_support: () =>
    valueOf(
      diagnoseSupport([
        { target: [0.5, 0.3, 0.2], logging: [0.5, 0.5, 0] },
        { target: [1, 0, 0], logging: [1, 0, 0] },
      ]).unsupportedShare,
    ),
  team_draft: () => {
    const coins = [true, false];
    const coin = () => coins.shift() ?? false;
    return teamDraft(["a", "b", "c"], ["b", "d", "e"], {
      k: 4,
      coin,
    }).list.join(" ");
  },
  balanced: () =>
    balancedInterleave(["a", "b", "c"], ["b", "d", "e"], {
      k: 4,
      aLeads: true,
    }).join(" "),
  optimised_multileave: () =>
    optimisedMultileave(
      [
        ["a", "b", "c"],
        ["b", "c", "a"],
      ],
      { k: 3, lists: 100, seed: 1 },
    ).bias,
  summarise_wins: () =>
    summariseWins({ winsA: 8, winsB: 2, ties: 0 }).signTestP,
  ...Object.fromEntries(
    ESTIMATORS.map(({ name, estimate }) => [
      name,
      () => valueOf(estimate(log, settings).value),
    ]),
  ),
  ...Object.fromEntries(
    SLATE_ESTIMATORS.map(({ name, estimate }) => [
      name,
      () => valueOf(estimate(slates, 0.05).value),
    ]),
  ),
};

/** Files that hold no statistic of their own. */
const PARTS = new Set([
  "index",
  "sample-moments",
  "estimator",
  "row-terms",
  "slate-rows",
  "value-estimate",
  "weighted-rows",
  "minimise-on-simplex",
]);

function statisticsOnDisk(): string[] {
  return ["experiments", "off-policy", "interleaving"].flatMap((folder) =>
    readdirSync(new URL(`./${folder}/`, import.meta.url))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => file.slice(0, -3))
      .filter((name) => !PARTS.has(name))
      .map((name) => name.replaceAll("-", "_")),
  );
}

const parts = page.split(/^### `([a-z_]+)`$/m);
const sections = new Map<string, string>();
for (let i = 1; i < parts.length; i += 2) {
  sections.set(parts[i] ?? "", parts[i + 1] ?? "");
}

describe("the page of statistics", () => {
  test("has a section for every file of a statistic and no other", () => {
    expect([...sections.keys()].sort()).toEqual(statisticsOnDisk().sort());
  });

  test.each([...sections])(
    "gives %s a formula, source and null rule",
    (_, text) => {
      for (const part of ["Formula", "Source", "Null rule"]) {
        expect(text).toMatch(new RegExp(`^- ${part}: \\S`, "m"));
      }
    },
  );

  test.each([...sections])("works out %s as the code does", (name, text) => {
    const worked = /- Worked case: [^*]+\*\*([^*]+)\*\*/.exec(text)?.[1];
    const value = WORKED[name]?.();
    const shown = typeof value === "number" ? value.toFixed(4) : value;
    expect(shown).toBe(worked);
  });
});

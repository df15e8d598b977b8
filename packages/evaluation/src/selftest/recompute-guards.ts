import { alwaysValid } from "../experiments/always-valid.ts";
import { bayesianBeta } from "../experiments/bayesian-beta.ts";
import { kolmogorovSmirnov } from "../experiments/kolmogorov-smirnov.ts";
import {
  benjaminiHochberg,
  bonferroni,
  holm,
} from "../experiments/multiple-testing.ts";
import {
  meanDetectable,
  meanPower,
  proportionDetectable,
  proportionPower,
} from "../experiments/power.ts";
import { populationStability } from "../experiments/psi.ts";
import {
  meanSampleSize,
  proportionSampleSize,
  type SampleSize,
} from "../experiments/sample-size.ts";
import { sampleRatioTest } from "../experiments/sample-ratio.ts";
import { fieldsOf, type Fields, type JsonObject } from "./fields.ts";
import { plain, plainInterval } from "./plain.ts";
import type { Recompute } from "./recompute.ts";

export const recomputeSampleRatio: Recompute = (input) => {
  const { numbers } = fieldsOf(input);
  const test = sampleRatioTest(numbers("counts"), numbers("ratios"));
  return {
    chi2: plain(test.chiSquare),
    df: test.df,
    p: plain(test.p),
    mismatch_at_0_001: test.mismatch,
  };
};

export const recomputeMultipleTesting: Recompute = (input) => {
  const p = fieldsOf(input).numbers("p");
  return {
    benjamini_hochberg: benjaminiHochberg(p),
    holm: holm(p),
    bonferroni: bonferroni(p),
  };
};

export const recomputeAlwaysValid: Recompute = (input) => {
  const { objects, number } = fieldsOf(input);
  const looks = objects("snapshots").map((snapshot) => {
    const read = fieldsOf(snapshot);
    const group = (name: "a" | "b") => ({
      n: read.number(`n_${name}`),
      mean: read.number(`mean_${name}`),
      variance: read.number(`var_${name}`),
    });
    return { a: group("a"), b: group("b") };
  });
  const settings = { tau2: number("tau2"), alpha: number("alpha") };
  return {
    steps: alwaysValid(looks, settings).map((step) => ({
      diff: plain(step.difference),
      log_lr: plain(step.logLikelihoodRatio),
      p_always_valid: plain(step.p),
      ...plainInterval(step.interval),
    })),
  };
};

export const recomputeBayesianBeta: Recompute = (input) => {
  const { number } = fieldsOf(input);
  const result = bayesianBeta(
    { successes: number("successes_a"), n: number("n_a") },
    { successes: number("successes_b"), n: number("n_b") },
    { prior: { a: number("prior_a"), b: number("prior_b") } },
  );
  return {
    prob_b_greater: plain(result.probabilityBGreater),
    expected_loss_choose_b: plain(result.expectedLossB),
    expected_loss_choose_a: plain(result.expectedLossA),
  };
};

export const recomputeDrift: Recompute = (input) => {
  const fields = fieldsOf(input);
  const kind = fields.text("kind");
  if (kind === "psi") {
    const expected = fields.numbers("expected_counts");
    const actual = fields.numbers("actual_counts");
    const epsilon = fields.number("epsilon");
    return { psi: plain(populationStability(expected, actual, epsilon)) };
  }
  if (kind !== "ks") throw new Error(`unknown kind of drift: ${kind}`);
  const test = kolmogorovSmirnov(fields.numbers("a"), fields.numbers("b"));
  return { d: plain(test.distance), p_asymptotic: plain(test.pAsymptotic) };
};

const POWER: Readonly<Record<string, (fields: Fields) => JsonObject>> = {
  n_two_proportion: (fields) =>
    sizesOf(proportionSampleSize(proportions(fields), settingsOf(fields))),
  n_two_mean: (fields) =>
    sizesOf(meanSampleSize(means(fields), settingsOf(fields))),
  power_two_proportion: (fields) => ({
    power: proportionPower(proportions(fields), groups(fields), level(fields)),
  }),
  power_two_mean: (fields) => ({
    power: meanPower(means(fields), groups(fields), level(fields)),
  }),
  mde_two_mean: (fields) => ({
    mde: meanDetectable(
      { sd: fields.number("sd"), ...groups(fields) },
      { alpha: level(fields), power: fields.number("power") },
    ),
  }),
  mde_two_proportion: (fields) => ({
    mde: plain(
      proportionDetectable(
        { p1: fields.number("p1"), ...groups(fields) },
        { alpha: level(fields), power: fields.number("power") },
      ),
    ),
  }),
};

export const recomputePower: Recompute = (input) => {
  const fields = fieldsOf(input);
  const kind = fields.text("kind");
  const compute = POWER[kind];
  if (compute === undefined) throw new Error(`unknown kind of power: ${kind}`);
  return compute(fields);
};

function proportions({ number }: Fields) {
  return { p1: number("p1"), p2: number("p2") };
}

function means({ number }: Fields) {
  return { sd: number("sd"), delta: number("delta") };
}

function groups({ number }: Fields) {
  return { nA: number("n_a"), nB: number("n_b") };
}

function level({ number }: Fields): number {
  return number("alpha");
}

function settingsOf({ number }: Fields) {
  return {
    alpha: number("alpha"),
    power: number("power"),
    ratio: number("ratio_b_to_a"),
  };
}

function sizesOf({ exact, nA, nB }: SampleSize): JsonObject {
  return { n_a_exact: plain(exact), n_a: plain(nA), n_b: plain(nB) };
}

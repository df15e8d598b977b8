import { seededRandom } from "@recsys/contracts";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bootstrapDifference, bootstrapMean, percentile } from "./bootstrap.ts";
import { createEvaluation, type EvaluationResult } from "./evaluation.ts";
import { tasteDivergence } from "./metrics/taste-divergence.ts";
import { METRICS } from "./metrics/index.ts";
import { rankByScore } from "./rank-by-score.ts";

interface VectorFile<Input, Expected> {
  readonly tolerance_absolute: number;
  readonly cases: readonly {
    readonly name: string;
    readonly input: Input;
    readonly expected: Expected;
  }[];
}

function readVectors<Input, Expected>(file: string) {
  const url = new URL(`../../../tests/vectors/${file}.json`, import.meta.url);
  const text = readFileSync(url, "utf8");
  return JSON.parse(text) as VectorFile<Input, Expected>;
}

interface Ranked {
  readonly ranking: readonly string[];
  readonly gains: Readonly<Record<string, number>>;
}
interface Summary {
  readonly mean: number;
  readonly standard_error: number;
}

function evaluate(users: readonly Ranked[], k: number): EvaluationResult {
  const evaluation = createEvaluation({
    metrics: METRICS.filter(({ kind }) => kind === "accuracy").map(
      ({ name, cut }) => (cut === "none" ? name : `${name}@${k}`),
    ),
    catalogue: [],
    trainCounts: new Map(),
    nUsers: 0,
    bootstrap: { resamples: 0, seed: 1, confidence: 0.95 },
  });
  for (const [i, { ranking, gains }] of users.entries()) {
    const truth = new Map(Object.entries(gains));
    evaluation.add({ userId: `u${i}`, ranking, truth });
  }
  return evaluation.result();
}

function near(actual: number | null, expected: number | null, by: number) {
  if (expected === null || actual === null) expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(by);
}

function numbersOf(result: EvaluationResult): Record<string, number | null> {
  const rows = result.metrics.map(
    ({ metric, mean }): [string, number | null] => [
      metric,
      mean.kind === "number" ? mean.value : null,
    ],
  );
  const exposure = result.exposure.map(
    ({ metric, value }): [string, number | null] => [
      metric,
      value.kind === "number" ? value.value : null,
    ],
  );
  return Object.fromEntries([...rows, ...exposure]);
}

describe("ranking_metrics", () => {
  const file = readVectors<
    Ranked & { readonly k: number },
    Readonly<Record<string, number | null>>
  >("ranking_metrics");
  test.each(file.cases)("$name", ({ input, expected }) => {
    const actual = numbersOf(evaluate([input], input.k));
    // A metric that is only ours is worked out on the page of metrics instead.
    expect(Object.keys(actual)).toEqual(
      expect.arrayContaining(Object.keys(expected)),
    );
    for (const [metric, value] of Object.entries(expected)) {
      near(actual[metric] ?? null, value, file.tolerance_absolute);
    }
  });
});

describe("ranking_order", () => {
  const file = readVectors<
    {
      readonly scores: Readonly<Record<string, number>>;
      readonly exclude: readonly string[];
    },
    { readonly ranking: readonly string[] }
  >("ranking_order");
  test.each(file.cases)("$name", ({ input, expected }) => {
    const scores = new Map(Object.entries(input.scores));
    expect(rankByScore(scores, new Set(input.exclude))).toEqual(
      expected.ranking,
    );
  });
});

describe("ranking_aggregate", () => {
  const file = readVectors<
    { readonly users: readonly Ranked[]; readonly k: number },
    {
      readonly users_scored: number;
      readonly users_skipped: number;
      readonly metrics: Readonly<Record<string, Summary>>;
    }
  >("ranking_aggregate");
  test.each(file.cases)("$name", ({ input, expected }) => {
    const result = evaluate(input.users, input.k);
    expect(result.users).toEqual({
      scored: expected.users_scored,
      skipped: expected.users_skipped,
    });
    for (const [metric, summary] of Object.entries(expected.metrics)) {
      const actual = result.metrics.find((row) => row.metric === metric);
      expect(actual?.mean.kind).toBe("number");
      if (actual?.mean.kind !== "number") continue;
      near(actual.mean.value, summary.mean, file.tolerance_absolute);
      expect(actual.standard_error.kind).toBe("number");
      if (actual.standard_error.kind !== "number") continue;
      near(
        actual.standard_error.value,
        summary.standard_error,
        file.tolerance_absolute,
      );
    }
  });
});

describe("beyond_accuracy", () => {
  const file = readVectors<
    {
      readonly lists: readonly (readonly string[])[];
      readonly k: number;
      readonly catalogue: readonly string[];
      readonly train_counts: Readonly<Record<string, number>>;
      readonly n_users: number;
      readonly categories: Readonly<Record<string, readonly string[]>>;
      readonly vectors: Readonly<Record<string, readonly number[]>>;
    },
    Readonly<Record<string, number | null>>
  >("beyond_accuracy");
  test.each(file.cases)("$name", ({ input, expected }) => {
    const evaluation = createEvaluation({
      metrics: Object.keys(expected).map((name) => `${name}@${input.k}`),
      catalogue: input.catalogue,
      trainCounts: new Map(Object.entries(input.train_counts)),
      nUsers: input.n_users,
      categories: new Map(Object.entries(input.categories)),
      vectors: new Map(Object.entries(input.vectors)),
      bootstrap: { resamples: 0, seed: 1, confidence: 0.95 },
    });
    for (const [i, ranking] of input.lists.entries()) {
      evaluation.add({ userId: `u${i}`, ranking, truth: new Map() });
    }
    const actual = numbersOf(evaluation.result());
    for (const [metric, value] of Object.entries(expected)) {
      near(actual[metric] ?? null, value, file.tolerance_absolute);
    }
  });
});

describe("calibration", () => {
  type Shares = Readonly<Record<string, number>>;
  const file = readVectors<
    {
      readonly history: readonly string[];
      readonly recommendations: readonly string[];
      readonly categories: Readonly<Record<string, readonly string[]>>;
      readonly alpha: number;
      readonly rank_weights: readonly number[] | null;
    },
    { readonly kl: number | null; readonly p: Shares; readonly q: Shares }
  >("calibration");
  test.each(file.cases)("$name", ({ input, expected }) => {
    const actual = tasteDivergence({
      history: input.history,
      items: input.recommendations,
      categories: new Map(Object.entries(input.categories)),
      alpha: input.alpha,
      ...(input.rank_weights && { rankWeights: input.rank_weights }),
    });
    near(actual.kl, expected.kl, file.tolerance_absolute);
    for (const side of ["p", "q"] as const) {
      expect([...actual[side].keys()].sort()).toEqual(
        Object.keys(expected[side]).sort(),
      );
      for (const [category, share] of Object.entries(expected[side])) {
        const own = actual[side].get(category) ?? null;
        near(own, share, file.tolerance_absolute);
      }
    }
  });
});

describe("bootstrap", () => {
  interface Input {
    readonly seed?: number;
    readonly q?: readonly number[];
    readonly values?: readonly number[];
    readonly a?: readonly number[];
    readonly b?: readonly number[];
    readonly resamples?: number;
    readonly alpha?: number;
  }
  interface Expected {
    readonly values?: readonly number[];
    readonly estimate?: number;
    readonly ci_low?: number;
    readonly ci_high?: number;
    readonly boot_se?: number;
    readonly first_means?: readonly number[];
  }
  const file = readVectors<Input, Expected>("bootstrap");

  /** What the product says for a case, in the words of the file. */
  function answer(input: Input, count: number): Expected {
    const { values = [], seed = 0, a, b } = input;
    if (input.q !== undefined) {
      const sorted = values.toSorted((x, y) => x - y);
      return { values: input.q.map((q) => percentile(sorted, q)) };
    }
    if (input.resamples === undefined) {
      const random = seededRandom(seed);
      return { values: Array.from({ length: count }, random) };
    }
    const { resamples, alpha = 0.05 } = input;
    const options = { resamples, seed, confidence: 1 - alpha };
    const result =
      a !== undefined && b !== undefined
        ? bootstrapDifference(a, b, options)
        : bootstrapMean(values, options);
    return {
      estimate: result.estimate,
      ci_low: result.low,
      ci_high: result.high,
      boot_se: result.standardError,
      first_means: [...result.resampled.slice(0, 3)],
    };
  }

  test.each(file.cases)("$name", ({ input, expected }) => {
    const actual = answer(input, expected.values?.length ?? 0);
    for (const name of ["estimate", "ci_low", "ci_high", "boot_se"] as const) {
      if (expected[name] === undefined) continue;
      near(actual[name] ?? null, expected[name], file.tolerance_absolute);
    }
    for (const name of ["values", "first_means"] as const) {
      for (const [i, value] of (expected[name] ?? []).entries()) {
        near(actual[name]?.[i] ?? null, value, file.tolerance_absolute);
      }
    }
  });
});

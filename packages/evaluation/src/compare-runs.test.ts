import { describe, expect, test } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { createEvaluation } from "./evaluation.ts";

/** A run in which each named user has a hit (1) or none (0). */
function runOf(
  hits: Readonly<Record<string, 0 | 1>>,
  metrics: readonly string[] = ["hit@1", "catalogue_coverage@1"],
) {
  const evaluation = createEvaluation({
    metrics,
    catalogue: ["a", "b"],
    trainCounts: new Map(),
    nUsers: 1,
    bootstrap: { resamples: 500, seed: 3, confidence: 0.95 },
  });
  for (const [userId, hit] of Object.entries(hits)) {
    const ranking = [hit === 1 ? "a" : "b"];
    evaluation.add({ userId, ranking, truth: new Map([["a", 1]]) });
  }
  return evaluation.result();
}

describe("a comparison of two runs", () => {
  const comparison = compareRuns(
    runOf({ u1: 1, u2: 1, u3: 0, only: 1 }),
    runOf({ u1: 0, u2: 1, u3: 0, other: 1, another: 0 }),
  );

  test("pairs the users of both runs and counts the rest", () => {
    expect(comparison).toMatchObject({
      users_paired: 3,
      users_only_candidate: 1,
      users_only_baseline: 2,
    });
  });

  test("takes means over the paired users only: 2/3 against 1/3", () => {
    const [hit] = comparison.differences;
    expect(hit).toMatchObject({
      users: 3,
      candidate_mean: { value: 2 / 3 },
      baseline_mean: { value: 1 / 3 },
      difference: { value: 1 / 3 },
      relative: { value: 1 },
    });
    // Differences 1, 0, 0: sample deviation 1/sqrt(3), standard error 1/3.
    expect(hit?.standard_error.kind).toBe("number");
    if (hit?.standard_error.kind !== "number") return;
    expect(hit.standard_error.value).toBeCloseTo(1 / 3, 12);
  });

  test("sets counted values side by side", () => {
    expect(comparison.exposure[0]).toMatchObject({
      candidate: { kind: "number", value: 1 },
      baseline: { kind: "number", value: 1 },
    });
  });
});

test("a run compared with itself has a difference of exactly 0", () => {
  const run = runOf({ u1: 1, u2: 0, u3: 1 });
  expect(compareRuns(run, run).differences[0]).toMatchObject({
    difference: { kind: "number", value: 0 },
    interval: { kind: "interval", low: 0, high: 0 },
  });
});

test("pairing removes what users have in common: the interval is narrower than both", () => {
  const candidate: Record<string, 0 | 1> = {};
  const baseline: Record<string, 0 | 1> = {};
  for (let i = 0; i < 200; i++) {
    // The same half of the users is easy; the candidate gains every tenth of the rest.
    const easy = i % 2 === 0;
    baseline[`u${i}`] = easy ? 1 : 0;
    candidate[`u${i}`] = easy || i % 20 === 1 ? 1 : 0;
  }
  const run = runOf(candidate);
  const difference = compareRuns(run, runOf(baseline)).differences[0]?.interval;
  const own = run.metrics[0]?.interval;
  if (difference?.kind !== "interval" || own?.kind !== "interval") {
    throw new Error("both intervals can be computed");
  }
  expect(difference.low).toBeGreaterThan(0);
  expect(difference.high - difference.low).toBeLessThan(own.high - own.low);
});

test("says what the baseline did not measure", () => {
  const comparison = compareRuns(runOf({ u: 1 }), runOf({ u: 1 }, ["mrr@1"]));
  expect(comparison.differences[0]?.difference.kind).toBe("not-computable");
  expect(comparison.differences[0]?.relative.kind).toBe("not-computable");
  expect(comparison.exposure[0]?.baseline).toEqual({
    kind: "not-computable",
    because: "the baseline run did not measure it",
  });
});

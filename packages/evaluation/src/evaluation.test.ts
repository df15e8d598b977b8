import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createEvaluation,
  evaluateLists,
  type EvaluationOptions,
} from "./evaluation.ts";

const options: EvaluationOptions = {
  metrics: ["hit@2"],
  catalogue: ["a", "b", "c"],
  trainCounts: new Map(),
  nUsers: 4,
  bootstrap: { resamples: 200, seed: 7, confidence: 0.95 },
};

function truthOf(...items: string[]): Map<string, number> {
  return new Map(items.map((item) => [item, 1]));
}

describe("an evaluation", () => {
  test("means over users with something relevant, and counts the others", () => {
    const result = evaluateLists({
      ...options,
      lists: new Map([
        ["u1", ["a", "b"]],
        ["u2", ["a", "b"]],
        ["u3", ["a"]],
      ]),
      truth: new Map([
        ["u1", truthOf("b")],
        ["u2", truthOf("c")],
      ]),
    });
    expect(result.users).toEqual({ scored: 2, skipped: 1 });
    expect(result.metrics[0]).toMatchObject({
      name: "hit@2",
      users: 2,
      skipped: 1,
      mean: { kind: "number", value: 0.5 },
      standard_error: { kind: "number", value: 0.5 },
    });
  });

  test("scores a user without a list 0, because an empty answer is an answer", () => {
    const result = evaluateLists({
      ...options,
      metrics: ["hit@2", "empty_rate"],
      lists: new Map([["u1", ["a"]]]),
      truth: new Map([
        ["u1", truthOf("a")],
        ["u2", truthOf("a")],
      ]),
    });
    expect(result.metrics[0]?.mean).toEqual({ kind: "number", value: 0.5 });
    expect(result.exposure[0]?.value).toEqual({ kind: "number", value: 0.5 });
  });

  test("says why nothing can be computed, and never answers 0", () => {
    const { metrics, exposure } = createEvaluation({
      ...options,
      metrics: ["hit@2", "ild_jaccard@2", "gini@2"],
    }).result();
    expect(metrics[0]?.mean).toEqual({
      kind: "not-computable",
      because: "no user has a value",
    });
    expect(metrics[1]?.mean).toEqual({
      kind: "not-computable",
      because: "no categories were given",
    });
    expect(exposure[0]?.value.kind).toBe("not-computable");
  });

  test("has a mean but no spread for one user", () => {
    const evaluation = createEvaluation(options);
    evaluation.add({ userId: "u", ranking: ["a"], truth: truthOf("a") });
    expect(evaluation.result().metrics[0]).toMatchObject({
      mean: { kind: "number", value: 1 },
      standard_error: { kind: "not-computable" },
      interval: { kind: "not-computable" },
    });
  });

  test("takes a user once", () => {
    const evaluation = createEvaluation(options);
    const user = { userId: "u", ranking: [], truth: new Map() };
    evaluation.add(user);
    expect(() => {
      evaluation.add(user);
    }).toThrow("user u came twice");
  });

  test("refuses gains that no number can hold", () => {
    const evaluation = createEvaluation({
      ...options,
      metrics: ["ndcg_exp@2"],
    });
    expect(() => {
      evaluation.add({
        userId: "u",
        ranking: ["a"],
        truth: new Map([["a", 5000]]),
      });
    }).toThrow("the gains are too large");
  });

  test("does not depend on the order in which users come", () => {
    const user = fc.record({
      userId: fc.uuid(),
      ranking: fc.array(fc.constantFrom("a", "b", "c")),
      truth: fc.constantFrom(truthOf("a"), truthOf("b", "c"), truthOf()),
    });
    const users = fc.uniqueArray(user, {
      selector: ({ userId }) => userId,
      maxLength: 20,
    });
    const measure = (all: readonly Parameters<typeof addTo>[1][]) => {
      const evaluation = createEvaluation(options);
      for (const each of all) addTo(evaluation, each);
      return evaluation.result();
    };
    fc.assert(
      fc.property(users, (all) => {
        expect(measure(all.toReversed())).toEqual(measure(all));
      }),
    );
  });
});

function addTo(
  evaluation: ReturnType<typeof createEvaluation>,
  user: Parameters<ReturnType<typeof createEvaluation>["add"]>[0],
): void {
  evaluation.add(user);
}

describe("slices", () => {
  const result = evaluateLists({
    ...options,
    lists: new Map([
      ["u1", ["a", "b"]],
      ["u2", ["a", "b"]],
      ["u3", ["c"]],
    ]),
    truth: new Map([
      ["u1", truthOf("a", "c")],
      ["u2", truthOf("c")],
      ["u3", truthOf("c")],
    ]),
    slices: new Map([
      ["u1", { segment: "vip" }],
      ["u2", { segment: "vip" }],
      ["u3", { segment: "new" }],
    ]),
    itemSlices: new Map([["c", { cold: "yes" }]]),
  });
  const find = (of: string, value: string) =>
    result.slices.find((slice) => slice.of === of && slice.value === value)
      ?.metrics[0];

  test("of users take only their own users", () => {
    expect(find("users", "vip")).toMatchObject({
      users: 2,
      mean: { value: 0.5 },
    });
    expect(find("users", "new")).toMatchObject({
      users: 1,
      mean: { value: 1 },
    });
  });

  test("of items take only their own items as wanted: u1 hit a, which is not cold", () => {
    const cold = find("items", "yes");
    expect(cold?.users).toBe(3);
    expect(cold?.mean).toEqual({ kind: "number", value: 1 / 3 });
  });

  test("stand in the order of key and value, users first", () => {
    expect(result.slices.map(({ of, value }) => `${of} ${value}`)).toEqual([
      "users new",
      "users vip",
      "items yes",
    ]);
  });

  test("by user id are refused as too many groups", () => {
    const evaluation = createEvaluation(options);
    expect(() => {
      for (let i = 0; i <= 500; i++) {
        const userId = `u${i}`;
        evaluation.add({
          userId,
          ranking: [],
          truth: new Map(),
          slices: { user: userId },
        });
      }
    }).toThrow("more than 500 groups");
  });
});

test("a bootstrap interval covers the mean, repeats with its seed and moves with another", () => {
  const evaluate = (seed: number) => {
    const evaluation = createEvaluation({
      ...options,
      metrics: ["mrr@10"],
      bootstrap: { resamples: 300, seed, confidence: 0.9 },
    });
    for (let i = 0; i < 50; i++) {
      // The wanted item stands at ranks 1 to 10 in turn.
      const ranking = Array.from({ length: 10 }, (_, at) => `x${at}`);
      ranking[i % 10] = "a";
      evaluation.add({ userId: `u${i}`, ranking, truth: truthOf("a") });
    }
    return evaluation.result().metrics[0];
  };
  const measured = evaluate(1);
  expect(measured).toEqual(evaluate(1));
  expect(measured?.interval).not.toEqual(evaluate(2)?.interval);
  // (1 + 1/2 + … + 1/10) / 10 = 0.2928968
  expect(measured?.interval.kind).toBe("interval");
  if (measured?.interval.kind !== "interval") return;
  expect(measured.interval.low).toBeLessThan(0.2928968);
  expect(measured.interval.high).toBeGreaterThan(0.2928968);
});

import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluateLists, type EvaluationResult } from "../evaluation.ts";
import { judgeList } from "../judged-list.ts";
import type { AccuracyMetric } from "../metric.ts";
import { METRIC_ALIASES, METRICS } from "./index.ts";

const page = readFileSync(
  new URL("../../../../docs/concepts-and-metrics.md", import.meta.url),
  "utf8",
);

/** The small world of the page, on which every worked case is computed. */
function evaluateWorld(metrics: readonly string[]): EvaluationResult {
  return evaluateLists({
    metrics,
    lists: new Map([
      ["U1", ["a", "b", "c"]],
      ["U2", ["b", "d", "a"]],
      ["U3", []],
    ]),
    truth: new Map([
      [
        "U1",
        new Map([
          ["a", 1],
          ["c", 3],
        ]),
      ],
      [
        "U2",
        new Map([
          ["d", 2],
          ["e", 1],
        ]),
      ],
    ]),
    history: new Map([
      ["U1", ["b", "d"]],
      ["U2", ["a"]],
    ]),
    catalogue: ["a", "b", "c", "d", "e"],
    trainCounts: new Map([
      ["a", 4],
      ["b", 2],
      ["c", 1],
      ["d", 1],
    ]),
    nUsers: 8,
    categories: new Map([
      ["a", ["x"]],
      ["b", ["x", "y"]],
      ["c", ["y"]],
      ["d", []],
      ["e", ["z"]],
    ]),
    brands: new Map([
      ["a", "P"],
      ["b", "Q"],
      ["c", "Q"],
      ["d", "Q"],
    ]),
    vectors: new Map([
      ["a", [1, 0]],
      ["b", [0, 1]],
      ["c", [1, 0]],
      ["d", [0, 0]],
      ["e", [-1, 0]],
    ]),
    bootstrap: { resamples: 0, seed: 1, confidence: 0.95 },
  });
}

/** Sections of a page headed by a metric's name. */
function metricSections(text: string): Map<string, string> {
  const parts = text.split(/^### `([a-z][a-z0-9_]*)`$/m);
  const sections = new Map<string, string>();
  for (let i = 1; i < parts.length; i += 2) {
    sections.set(parts[i] ?? "", parts[i + 1] ?? "");
  }
  return sections;
}

describe("the page of concepts and metrics", () => {
  const sections = metricSections(page);

  test("may define a metric whose name has a digit", () => {
    const text = "### `f1`\n\none\n\n### `hit`\n\ntwo\n";
    expect([...metricSections(text)]).toEqual([
      ["f1", "\n\none\n\n"],
      ["hit", "\n\ntwo\n"],
    ]);
  });

  test("defines every metric of the registry and no other, in its order", () => {
    expect([...sections.keys()]).toEqual(METRICS.map(({ name }) => name));
  });

  test.each(METRICS)(
    "gives $name a formula, source, range and null rule",
    ({ name }) => {
      for (const part of ["Formula", "Source", "Range", "Null rule"]) {
        expect(sections.get(name)).toMatch(new RegExp(`^- ${part}: \\S`, "m"));
      }
    },
  );

  test.each(METRICS)("works out $name as the code does", ({ name }) => {
    const line = (sections.get(name) ?? "").replaceAll(/\s+/g, " ");
    const worked = /- Worked case: `([^`]+)`:.*\*\*([-\d.]+)\*\*/.exec(line);
    const call = worked?.[1] ?? "";
    const { metrics, exposure } = evaluateWorld([call]);
    const value = metrics[0]?.mean ?? exposure[0]?.value;
    expect(call.split("@")[0]).toBe(name);
    expect(value).toMatchObject({ kind: "number" });
    if (value?.kind === "number") {
      expect(value.value.toFixed(4)).toBe(worked?.[2]);
    }
  });

  test("names every alias in the section of its metric", () => {
    for (const [alias, name] of Object.entries(METRIC_ALIASES)) {
      expect(sections.get(name)?.replaceAll(/\s+/g, " ")).toContain(
        `also called \`${alias}\``,
      );
    }
  });
});

const item = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
const someTruth = fc
  .dictionary(item, fc.integer({ min: 0, max: 5 }))
  .map((gains) => new Map(Object.entries(gains)));
const someRanking = fc.array(item, { maxLength: 12 });
const someK = fc.integer({ min: 1, max: 10 });

const accuracy = METRICS.filter(
  (metric): metric is AccuracyMetric => metric.kind === "accuracy",
);

describe.each(accuracy)("accuracy metric $name", (metric) => {
  test("stays in its range", () => {
    fc.assert(
      fc.property(someRanking, someTruth, someK, (ranking, truth, k) => {
        const list = judgeList(ranking, truth);
        if (list === null) return true;
        const score = metric.score(list, k);
        return score >= metric.range[0] && score <= metric.range[1] + 1e-12;
      }),
    );
  });

  test("gives no list more than the best order of everything wanted", () => {
    fc.assert(
      fc.property(someRanking, someTruth, someK, (ranking, truth, k) => {
        const list = judgeList(ranking, truth);
        if (list === null) return true;
        const best = { gains: list.relevant, relevant: list.relevant };
        return metric.score(list, k) <= metric.score(best, k) + 1e-12;
      }),
    );
  });

  test("is 1 for k wanted items in the best order, 0 for an empty list", () => {
    const wanted = [3, 2, 1];
    expect(metric.score({ gains: wanted, relevant: wanted }, 3)).toBe(1);
    expect(metric.score({ gains: [], relevant: wanted }, 3)).toBe(0);
  });

  test("ignores the repetition of an item", () => {
    const truth = new Map([
      ["a", 2],
      ["b", 1],
    ]);
    const twice = judgeList(["a", "a", "b"], truth);
    const other = judgeList(["a", "x", "b"], truth);
    expect(twice).toEqual(other);
  });
});

test("no accuracy metric scores a user for whom nothing is relevant", () => {
  expect(judgeList(["a"], new Map())).toBeNull();
  expect(judgeList(["a"], new Map([["a", 0]]))).toBeNull();
  expect(judgeList(["a"], new Map([["a", -1]]))).toBeNull();
});

describe.each(METRICS.filter(({ kind }) => kind !== "accuracy"))(
  "metric $name",
  ({ name, cut, range }) => {
    test("stays in its range, or says why there is no value", () => {
      const call = cut === "none" ? name : `${name}@3`;
      fc.assert(
        fc.property(fc.array(someRanking, { maxLength: 5 }), (rankings) => {
          const { metrics, exposure } = evaluateLists({
            metrics: [call],
            lists: new Map(rankings.map((list, i) => [`u${i}`, list])),
            truth: new Map(
              rankings.map((_, i) => [`u${i}`, new Map([["b", 1 + i]])]),
            ),
            history: new Map(rankings.map((_, i) => [`u${i}`, ["a", "b"]])),
            catalogue: ["a", "b", "c", "d", "e", "f"],
            trainCounts: new Map([
              ["a", 9],
              ["b", 3],
            ]),
            nUsers: 10,
            categories: new Map([
              ["a", ["x"]],
              ["b", ["x", "y"]],
            ]),
            brands: new Map([
              ["a", "P"],
              ["b", "Q"],
            ]),
            vectors: new Map([
              ["a", [1, 2]],
              ["b", [-3, 1]],
            ]),
            bootstrap: { resamples: 0, seed: 1, confidence: 0.95 },
          });
          const value = metrics[0]?.mean ?? exposure[0]?.value;
          if (value?.kind !== "number") return value?.because !== "";
          return (
            value.value >= range[0] - 1e-12 && value.value <= range[1] + 1e-12
          );
        }),
      );
    });
  },
);

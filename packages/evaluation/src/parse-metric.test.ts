import { describe, expect, test } from "vitest";
import { metricKey, parseMetric, parseMetrics } from "./parse-metric.ts";

function keyOf(name: string): string {
  const result = parseMetric(name);
  return result.ok ? metricKey(result.parsed) : `refused: ${result.because}`;
}

describe("a metric name", () => {
  test("is a registered name with a cut", () => {
    expect(keyOf("recall@20")).toBe("recall@20");
  });

  test("may be an alias, which is the same metric", () => {
    expect(keyOf("ndcg@10")).toBe("ndcg_binary@10");
    expect(keyOf("map@5")).toBe("ap@5");
  });

  test("goes without a cut only where the whole list makes sense", () => {
    expect(keyOf("catalogue_coverage")).toBe("catalogue_coverage");
    expect(keyOf("ndcg")).toContain("ndcg needs a cut, such as ndcg@10");
    expect(keyOf("personalisation")).toContain("needs a cut");
  });

  test("takes no cut where none has a meaning", () => {
    expect(keyOf("r_precision@5")).toContain("takes no cut");
    expect(keyOf("empty_rate@5")).toContain("takes no cut");
  });

  test.each(["ndcg@0", "ndcg@-1", "ndcg@1.5", "ndcg@", "ndcg@1@2", "ndcg@ 5"])(
    "%s is refused for its cut",
    (name) => {
      expect(keyOf(name)).toContain("whole number from 1 to 999999");
    },
  );

  test.each(["accuracy@5", "", "constructor@5", "__proto__"])(
    "%s is refused as unknown",
    (name) => {
      expect(keyOf(name)).toContain("there is no metric");
    },
  );
});

test("all wrong names are told at once, repeated metrics included", () => {
  expect(() => parseMetrics(["ndcg@10", "ndcg_binary@10", "lift"])).toThrow(
    /ndcg_binary@10 is the same metric as ndcg@10; there is no metric lift/,
  );
});

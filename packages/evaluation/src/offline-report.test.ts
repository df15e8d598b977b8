import { OfflineReport, validator } from "@recsys/contracts";
import { describe, expect, test } from "vitest";
import { evaluateLists } from "./evaluation.ts";
import { checkTimeOrder } from "./leakage.ts";
import { buildOfflineReport } from "./offline-report.ts";
import { renderHtml } from "./render-html.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { reportCharts } from "./report-charts.ts";

const users = Array.from({ length: 40 }, (_, i) => `u${i}`);

function run(hitEvery: number) {
  return evaluateLists({
    metrics: ["ndcg@10", "catalogue_coverage@10", "ild_jaccard@10"],
    catalogue: ["a", "b"],
    trainCounts: new Map(),
    nUsers: 40,
    lists: new Map(
      users.map((u, i) => [u, i % hitEvery === 0 ? ["a"] : ["b"]]),
    ),
    truth: new Map(users.map((u) => [u, new Map([["a", 1]])])),
    slices: new Map(users.map((u, i) => [u, { half: i < 20 ? "one" : "two" }])),
    bootstrap: { resamples: 200, seed: 11, confidence: 0.95 },
  });
}

const report = buildOfflineReport({
  title: `<script>alert("x")</script> | a`,
  createdAt: Date.UTC(2026, 0, 2),
  candidate: { name: "manifest-2", result: run(2) },
  baseline: { name: "manifest-1", result: run(4) },
  quality: [checkTimeOrder([{ userId: "u", itemId: "a", ts: 2 }], 1)],
  facts: { split: "time", train_end: "2026-01-01" },
  thresholds: {
    min_users: 10,
    primary: {
      metric: "ndcg@10",
      non_inferiority_margin: 0.01,
      unit: "absolute",
      requires: "non-inferior",
    },
    guardrails: [{ metric: "catalogue_coverage@10", at_least: 0.5 }],
    without_baseline: "hold",
  },
});

describe("an offline report", () => {
  test("keeps to its schema, through JSON and back", () => {
    const read: unknown = JSON.parse(JSON.stringify(report));
    expect(validator(OfflineReport)(read)).toEqual([]);
    expect(read).toEqual(report);
  });

  test("carries the decision, and the seed that repeats it", () => {
    expect(report.decision).toMatchObject({ decision: "ship", exit_code: 0 });
    expect(report.bootstrap).toEqual({
      resamples: 200,
      seed: 11,
      confidence: 0.95,
    });
  });

  test("without thresholds decides nothing", () => {
    const undecided = buildOfflineReport({
      title: "t",
      createdAt: 0,
      candidate: { name: "c", result: run(2) },
      baseline: null,
      quality: [],
      facts: {},
      thresholds: null,
    });
    expect(undecided.decision).toBeNull();
    expect(undecided.comparison).toBeNull();
    expect(renderHtml(undecided)).toContain("nothing was decided");
  });
});

function positions(text: string, titles: readonly string[]): number[] {
  return titles.map((title) => text.indexOf(title));
}

const ORDER = [
  "Data quality",
  "Guardrails",
  "Metrics",
  "Slices",
  "Comparison",
  "Decision",
];

describe("the Markdown page", () => {
  const text = renderMarkdown(report);

  test("has data quality first, then guardrails, metrics, slices, comparison, decision", () => {
    const at = positions(
      text,
      ORDER.map((title) => `## ${title}\n`),
    );
    expect(at.every((position) => position > 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  test("escapes markup and column marks of its inputs", () => {
    expect(text).not.toContain("<script>");
    expect(text.split("\n")[0]).toContain("\\|");
  });

  test("shows what cannot be computed with its reason", () => {
    expect(text).toContain("not computable: no categories were given");
  });
});

describe("the HTML page", () => {
  const charts = reportCharts(report);
  const html = renderHtml(report, charts);

  test("has the sections in the same order", () => {
    const at = positions(
      html,
      ORDER.map((title) => `<h2>${title}</h2>`),
    );
    expect(at.every((position) => position > 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
  });

  test("loads nothing, runs nothing and escapes its inputs", () => {
    expect(html).not.toMatch(
      /<script|<link|\ssrc=|@import|https?:\/\/(?!www\.w3\.org)/,
    );
    expect(html).toContain("&lt;script&gt;");
  });

  test("follows the reader's light or dark setting", () => {
    expect(html).toContain("prefers-color-scheme: dark");
  });

  test("draws means, differences and slices inline", () => {
    expect(charts.map(({ title }) => title)).toEqual([
      "Metrics with their intervals",
      "Difference to the baseline",
      "The first metric by slice",
    ]);
    expect(html.match(/<svg /g)).toHaveLength(3);
  });

  test.each([
    `<svg><script>1</script></svg>`,
    `<svg onload="x()"></svg>`,
    `<svg><image href="http://x"/></svg>`,
    `<svg><rect fill="url(http://x)"/></svg>`,
    `<img>`,
  ])("refuses the chart %s", (svg) => {
    expect(() => renderHtml(report, [{ title: "t", svg }])).toThrow("chart t");
  });

  test("accepts a chart that refers to its own parts", () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><g clip-path="url(#c)"/><g clip-path='url("#d")'/></svg>`;
    expect(renderHtml(report, [{ title: "t", svg }])).toContain(svg);
  });
});

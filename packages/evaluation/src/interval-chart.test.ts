import { expect, test } from "vitest";
import { intervalChart } from "./interval-chart.ts";

const number = (value: number) => ({ kind: "number", value }) as const;
const interval = (low: number, high: number) =>
  ({ kind: "interval", low, high }) as const;
const absent = { kind: "not-computable", because: "x" } as const;

test("spans the widest interval and 0: -1 at the left end of 220, 1 at the right end of 696", () => {
  const svg = intervalChart([
    { label: "m", estimate: number(0), interval: interval(-1, 1) },
  ]);
  expect(svg).toContain(`x1="220" x2="696"`);
  expect(svg).toContain(`cx="458"`);
});

test("escapes labels and leaves out what is not computable", () => {
  const svg = intervalChart([
    { label: "<b>", estimate: number(1), interval: interval(1, 1) },
    { label: "gone", estimate: absent, interval: absent },
  ]);
  expect(svg).toContain("&lt;b&gt;");
  expect(svg).not.toContain("gone");
});

test("is no chart when nothing can be drawn", () => {
  expect(intervalChart([])).toBeNull();
});

import { describe, expect, test } from "vitest";
import { compareTraffic } from "./compare-traffic.ts";

describe("traffic answered by two versions", () => {
  const summary = compareTraffic([
    { requestId: "r1", recorded: ["a", "b"], replayed: ["a", "b"] },
    { requestId: "r2", recorded: ["a", "b"], replayed: ["b", "c"] },
    { requestId: "r3", recorded: ["a", "b"], replayed: ["c", "d"] },
    { requestId: "r4", recorded: ["a", "d"], replayed: [] },
    { requestId: "r5", recorded: [], replayed: [] },
  ]);

  test("counts what stayed, what changed first and what became empty", () => {
    expect(summary).toMatchObject({
      requests: 5,
      identical: 2,
      firstChanged: 3,
      newlyEmpty: 1,
    });
  });

  test("averages where a measure is defined: overlaps 1, 1/2, 0, 0; one tau", () => {
    expect(summary.meanOverlap).toEqual({ kind: "number", value: 0.375 });
    expect(summary.meanKendallTau).toEqual({ kind: "number", value: 1 });
    expect(summary.tauRequests).toBe(1);
  });

  test("names the items most often gained and lost, ties by id", () => {
    expect(summary.mostGained).toEqual([
      { itemId: "c", requests: 2 },
      { itemId: "d", requests: 1 },
    ]);
    expect(summary.mostLost).toEqual([
      { itemId: "a", requests: 3 },
      { itemId: "b", requests: 1 },
      { itemId: "d", requests: 1 },
    ]);
    expect([summary.itemsGained, summary.itemsLost]).toEqual([2, 3]);
  });

  test("names the requests that changed most, least overlap first", () => {
    expect(summary.mostChanged).toEqual([
      { requestId: "r3", overlap: 0 },
      { requestId: "r4", overlap: 0 },
      { requestId: "r2", overlap: 0.5 },
    ]);
  });
});

test("no traffic gives no averages", () => {
  const summary = compareTraffic([]);
  expect(summary.requests).toBe(0);
  expect(summary.meanOverlap.kind).toBe("not-computable");
  expect(summary.meanKendallTau.kind).toBe("not-computable");
});

import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ environment: { LOG_LEVEL: "error" } });
  await harness.call("POST /v1/items", items(5));
});
afterAll(async () => {
  await harness.end();
});

function pathOf(at: number): string {
  const host = hostname().replaceAll("_", "-");
  const name = `${host}_999999999_1_0_${at}_0.closed`;
  return join(harness.home, "spool", name);
}

it("what the decision log cannot ship shows in health, metrics and log while decisions go on", async () => {
  writeFileSync(pathOf(1), 'null\n{"tenant": "dem\n');
  mkdirSync(pathOf(2));
  const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
  });
  const id = list.body.meta.request_id;
  const found = await harness.call(`GET /v1/audit/decisions/${id}`);
  expect(found.status).toBe(200);
  const health = await harness.call<{
    status: string;
    decision_log: { rejected_bytes: number; held_segments: number };
  }>("GET /health/detailed");
  expect(health.body.status).toBe("degraded");
  expect(health.body.decision_log.held_segments).toBe(1);
  expect(health.body.decision_log.rejected_bytes).toBeGreaterThan(100);
  const metrics = await harness.call<string>("GET /metrics");
  expect(metrics.body).toContain('recsys_decisions_total{result="rejected"} 2');
  expect(metrics.body).toContain("recsys_decision_log_held_segments 1");
  const log = harness.logLines.join("");
  expect(log).toContain('"line":1,"request_id":null,"reason":"not a decision"');
  expect(log).toContain("a segment is a file, this is none");
});

import { ApiError } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startHarness, type Harness } from "./harness.ts";
import { eventually } from "./publish.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness.end();
});

describe("requests with an Idempotency-Key", () => {
  it("are done once, and answered alike", async () => {
    const runs: string[] = [];
    await harness.restart({
      runPipeline: () => {
        runs.push("run");
        return Promise.resolve({ runId: `run-${runs.length}` });
      },
    });
    const start = (body: object, key: string) =>
      harness.call("POST /v1/admin/pipelines/runs", body, {
        headers: { "idempotency-key": key },
      });
    const answers = await Promise.all([start({}, "a"), start({}, "a")]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(answers.map(({ body }) => body["run_id"])).toEqual([
      "run-1",
      "run-1",
    ]);
    expect(await start({ jobs: ["ials"] }, "a")).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_CONFLICT" },
    });
    expect((await start({}, "b")).body["run_id"]).toBe("run-2");
  });

  it("do not wait for those of another tenant, or with another key", async () => {
    const waiting: (() => void)[] = [];
    const running = () =>
      new Promise<{ runId: string }>((resolve) => {
        waiting.push(() => {
          resolve({ runId: "run" });
        });
      });
    await harness.restart({ runPipeline: running });
    const start = (tenant: string, key: string) =>
      harness.call(
        "POST /v1/admin/pipelines/runs",
        {},
        { tenant, headers: { "idempotency-key": key } },
      );
    // More at a time than there are connections.
    const stuck = Array.from({ length: 15 }, (_, i) => start("demo", `k${i}`));
    await eventually(() => Promise.resolve(waiting.length === 15));
    const other = start("other", "k0");
    await eventually(() => Promise.resolve(waiting.length === 16));
    waiting.at(-1)?.();
    expect((await other).status).toBe(202);
    for (const release of waiting) release();
    const answers = await Promise.all(stuck);
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([202]),
    );
  });

  it("may be sent again when their work failed", async () => {
    let isAway = true;
    await harness.restart({
      runPipeline: () =>
        isAway
          ? Promise.reject(new ApiError("DATABASE_UNAVAILABLE"))
          : Promise.resolve({ runId: "run-1" }),
    });
    const start = () =>
      harness.call("POST /v1/admin/pipelines/runs", undefined, {
        raw: "{}",
        headers: { "idempotency-key": "z", "content-type": "application/json" },
      });
    expect((await start()).status).toBe(503);
    isAway = false;
    expect((await start()).status).toBe(202);
  });
});

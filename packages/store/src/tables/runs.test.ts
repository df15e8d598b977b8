import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MONDAY_NOON } from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { listJobFreshness, recordJob } from "./job-freshness.ts";
import {
  acquirePipelineLock,
  holdsPipelineLock,
  releasePipelineLock,
  renewPipelineLock,
} from "./pipeline-locks.ts";
import {
  abandonRuns,
  findRun,
  finishRun,
  heartbeatRun,
  listRuns,
  startRun,
} from "./runs.ts";

describe("runs", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const start = (namespace: string) =>
    test.inAcme((tx) =>
      startRun(tx, namespace, {
        pipeline: "learn",
        owner: "data team",
        trigger: "cli",
        asOf: MONDAY_NOON,
        codeVersion: "1.2.3",
        parameters: { days: 30 },
      }),
    );

  it("keeps the lineage of a run", async () => {
    const runId = await start("lineage");
    const alive = await test.inAcme((tx) =>
      heartbeatRun(tx, runId, { job: "als" }),
    );
    expect(alive).toBe(true);
    const ended = await test.inAcme((tx) =>
      finishRun(tx, runId, {
        state: "succeeded",
        inputs: { days: { "2026-03-02": "3-9-20" } },
        outputs: { manifest: "ab12" },
      }),
    );
    expect(ended).toBe(true);
    const run = await test.inAcme((tx) => findRun(tx, runId));
    expect(run).toMatchObject({
      state: "succeeded",
      pipeline: "learn",
      owner: "data team",
      asOf: MONDAY_NOON,
      codeVersion: "1.2.3",
      parameters: { days: 30 },
      inputs: { days: { "2026-03-02": "3-9-20" } },
      outputs: { manifest: "ab12" },
      progress: { job: "als" },
      error: null,
    });
  });

  it("is abandoned when its process falls silent, and then cannot succeed", async () => {
    const runId = await start("silent");
    const abandon = () => test.inAcme((tx) => abandonRuns(tx, "silent", 60));
    expect(await abandon()).toEqual([]);
    await test.shiftClock(61_000);
    expect(await abandon()).toEqual([runId]);
    await test.shiftClock(0);
    const late = await test.inAcme(async (tx) => [
      await heartbeatRun(tx, runId, {}),
      await finishRun(tx, runId, { state: "succeeded" }),
    ]);
    expect(late).toEqual([false, false]);
    const page = await test.inAcme((tx) =>
      listRuns(tx, "silent", { limit: 10, state: "abandoned" }),
    );
    expect(page.rows.map((run) => run.runId)).toEqual([runId]);
  });

  it("remembers the last success of a job through later failures", async () => {
    const runId = await start("fresh");
    const record = (error: string | null, asOf: number) =>
      test.inAcme((tx) =>
        recordJob(tx, "fresh", {
          job: "als",
          runId,
          asOf,
          startedAt: asOf,
          error,
        }),
      );
    await record(null, MONDAY_NOON);
    await record("out of memory", MONDAY_NOON + 1000);
    const [freshness] = await test.inAcme((tx) =>
      listJobFreshness(tx, "fresh"),
    );
    expect(freshness).toMatchObject({
      job: "als",
      asOf: MONDAY_NOON,
      lastStartedAt: MONDAY_NOON + 1000,
      lastError: "out of memory",
    });
    expect(freshness?.lastSuccessAt).not.toBeNull();
  });
});

describe("pipeline locks", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
  });
  afterAll(() => test.close());

  const acquire = (name: string, holder: string) =>
    test.inAcme((tx) =>
      acquirePipelineLock(tx, "default", { name, holder, leaseSeconds: 30 }),
    );

  it("is held by one of many that want it", async () => {
    const holders = Array.from({ length: 6 }, (_, i) => `p${i}`);
    const locks = await Promise.all(holders.map((one) => acquire("one", one)));
    expect(locks.filter((lock) => lock !== null)).toHaveLength(1);
  });

  it("is free after release, for one tenant and namespace at a time", async () => {
    const lock = await acquire("given", "p1");
    expect(await acquire("given", "p2")).toBeNull();
    const elsewhere = await test.store.inTenant("bolt", (tx) =>
      acquirePipelineLock(tx, "default", {
        name: "given",
        holder: "p2",
        leaseSeconds: 30,
      }),
    );
    expect(elsewhere?.fence).toBe(1);
    if (lock === null) throw new Error("not acquired");
    await test.inAcme((tx) => releasePipelineLock(tx, "default", lock));
    expect(await acquire("given", "p2")).toMatchObject({ fence: 2 });
  });

  it("lapses when its holder dies; the dead one can neither renew nor publish", async () => {
    const dead = await acquire("dead", "p1");
    if (dead === null) throw new Error("not acquired");
    const renew = () =>
      test.inAcme((tx) =>
        renewPipelineLock(tx, "default", { ...dead, leaseSeconds: 30 }),
      );
    expect(await renew()).toBe(true);
    await test.shiftClock(31_000);
    expect(await acquire("dead", "p2")).toMatchObject({ fence: 2 });
    expect(await renew()).toBe(false);
    expect(
      await test.inAcme((tx) => holdsPipelineLock(tx, "default", dead)),
    ).toBe(false);
    await test.inAcme((tx) => releasePipelineLock(tx, "default", dead));
    expect(await acquire("dead", "p3")).toBeNull();
  });
});

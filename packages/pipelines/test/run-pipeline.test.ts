import {
  ApiError,
  DAY_MS,
  HOUR_MS,
  LIGHT_SIGNALS,
  SIGNAL_NAMES,
  type Manifest,
} from "@recsys/contracts";
import {
  acquirePipelineLock,
  deleteEvents,
  findRun,
  listJobFreshness,
  listRuns,
} from "@recsys/store";
import { afterEach, describe, expect, it } from "vitest";
import { listManifests, showManifest, JOBS } from "../src/index.ts";
import { EVENTS } from "../src/lake/lake-table.ts";
import { readIndex, lakeFolder } from "../src/lake/lake-index.ts";
import {
  createWorld,
  itemId,
  NAMESPACE,
  NOW,
  TENANT,
  twoCampsWorld,
  type World,
} from "./world.ts";

const worlds: World[] = [];
async function open(made: Promise<World>): Promise<World> {
  const world = await made;
  worlds.push(world);
  return world;
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function liveManifest(world: World): Promise<Manifest> {
  const address = { store: world.store, tenant: TENANT, namespace: NAMESPACE };
  return (await showManifest(address, "live")).manifest;
}

function resultOf(
  run: Awaited<ReturnType<World["run"]>>,
  job: string,
): string | undefined {
  return run.jobs.find(({ name }) => name === job)?.result;
}

describe("a pipeline run", () => {
  it("learns every signal, evaluates, publishes and records its lineage", async () => {
    const world = await open(twoCampsWorld());
    const run = await world.run();
    expect(run.jobs.map(({ name }) => name)).toEqual(
      JOBS.map(({ name }) => name),
    );
    expect(run.manifest?.version).toBe(1);
    const manifest = await liveManifest(world);
    expect(Object.keys(manifest.artifacts).sort()).toEqual(
      [...SIGNAL_NAMES].sort(),
    );
    expect(manifest.evaluation).toMatch(/^[0-9a-f]{64}$/);
    const row = await world.store.inTenant(TENANT, (tx) =>
      findRun(tx, run.runId),
    );
    expect(row?.state).toBe("succeeded");
    expect(row?.inputs).toMatchObject({ events: 400, catalogue_revision: 40 });
    expect(row?.outputs).toMatchObject({
      publish: { manifest: run.manifest?.hash },
    });
  });

  it("makes the same manifest of the same data in another database, learned anew", async () => {
    const first = await open(twoCampsWorld());
    const second = await open(twoCampsWorld());
    const a = await first.run();
    const b = await second.run();
    expect(b.manifest?.hash).toBe(a.manifest?.hash);
    const again = await first.run({ force: true });
    expect(resultOf(again, "ials")).toBe("done");
    expect(resultOf(again, "publish")).toBe("nothing-to-do");
    expect(again.manifest).toEqual(a.manifest);
  });

  it("learns nothing again when nothing is new", async () => {
    const world = await open(twoCampsWorld());
    await world.run();
    const again = await world.run({ asOf: NOW + HOUR_MS });
    expect(resultOf(again, "ingest")).toBe("nothing-to-do");
    expect(resultOf(again, "ials")).toBe("reused");
    expect(resultOf(again, "evaluate")).toBe("reused");
    expect(resultOf(again, "publish")).toBe("nothing-to-do");
  });

  it("learns again when the weight of an event type changes", async () => {
    const world = await open(twoCampsWorld());
    await world.addEvents([
      { user: "u1", item: itemId(5), ts: NOW - 1000, type: "view" },
    ]);
    const before = (await world.run()).manifest?.hash;
    await world.setConfig((config) => {
      const { view } = config.event_types;
      if (view === undefined) throw new Error("no view");
      const event_types = {
        ...config.event_types,
        view: { ...view, weight: 7 },
      };
      return { ...config, event_types };
    });
    const run = await world.run();
    expect(resultOf(run, "popularity")).toBe("done");
    expect(resultOf(run, "content")).toBe("reused");
    expect(run.manifest?.hash).not.toBe(before);
  });

  it("never sees canary events, and forgets deleted ones", async () => {
    const world = await open(twoCampsWorld());
    await world.addEvents([
      { user: "canary", item: itemId(1), ts: NOW - 1000, canary: true },
    ]);
    const first = await world.run();
    expect(first.jobs[0]?.facts["events"]).toBe(400);
    await world.store.inTenant(TENANT, (tx) =>
      deleteEvents(tx, NAMESPACE, { from: NOW - 30 * DAY_MS }),
    );
    const second = await world.run({
      parameters: { quality: { max_volume_drop: 1 } },
    });
    expect(second.jobs[0]?.facts["events"]).toBeLessThan(200);
    expect(second.jobs[0]?.facts["days_removed"]).toBeGreaterThan(10);
    const folder = lakeFolder({
      home: world.home,
      tenant: TENANT,
      namespace: NAMESPACE,
    });
    const index = await readIndex(folder, EVENTS);
    expect([...index.keys()].every((day) => day < "2026-06-01")).toBe(true);
  });

  it("succeeds on an empty namespace and publishes nothing", async () => {
    const world = await open(createWorld());
    const run = await world.run();
    expect(run.manifest).toBeNull();
    expect(resultOf(run, "popularity")).toBe("nothing-to-do");
  });

  it("runs the light signals alone in DB-only mode, with objects in Postgres", async () => {
    const world = await open(twoCampsWorld("db"));
    const run = await world.run();
    const manifest = await liveManifest(world);
    expect(Object.keys(manifest.artifacts).sort()).toEqual(
      [...LIGHT_SIGNALS].sort(),
    );
    expect(resultOf(run, "evaluate")).toBeUndefined();
  });
});

describe("a run that may not go on", () => {
  it("is turned away while another process holds the lock, and goes on when that one's lease has lapsed", async () => {
    const world = await open(twoCampsWorld());
    const take = (leaseSeconds: number) =>
      world.store.inTenant(TENANT, (tx) =>
        acquirePipelineLock(tx, NAMESPACE, {
          name: "pipeline",
          holder: "a process that died",
          leaseSeconds,
        }),
      );
    await take(0);
    expect(await take(3600)).not.toBeNull();
    await expect(world.run()).rejects.toMatchObject({
      code: "ALREADY_RUNNING",
    });
    const other = await open(twoCampsWorld());
    await other.store.inTenant(TENANT, (tx) =>
      acquirePipelineLock(tx, NAMESPACE, {
        name: "pipeline",
        holder: "a process that died",
        leaseSeconds: 0,
      }),
    );
    expect((await other.run({ jobs: ["ingest"] })).jobs).toHaveLength(1);
  });

  it("lets one of two runs at once through", async () => {
    const world = await open(twoCampsWorld());
    const both = await Promise.allSettled([
      world.run({ jobs: ["ingest"] }),
      world.run({ jobs: ["ingest"] }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([
      "fulfilled",
      "rejected",
    ]);
  });

  it("names the limit that the data exceed, and keeps the live manifest", async () => {
    const world = await open(twoCampsWorld());
    const before = (await world.run()).manifest;
    const limits = { events: 399 };
    const failing = world.run({ parameters: { limits }, force: true });
    await expect(failing).rejects.toThrow(
      "limits.events is 399, this run has 400",
    );
    await expect(failing).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    const [live] = await listManifests({
      store: world.store,
      tenant: TENANT,
      namespace: NAMESPACE,
    });
    expect(live?.hash).toBe(before?.hash);
    const { rows } = await world.store.inTenant(TENANT, (tx) =>
      listRuns(tx, NAMESPACE, { limit: 1 }),
    );
    expect(rows[0]?.error).toContain("limits.events is 399");
  });

  it("stops at failed data quality and says what failed", async () => {
    const world = await open(twoCampsWorld());
    await world.run();
    await world.addEvents(
      Array.from({ length: 300 }, (_, n) => ({
        user: `x${n}`,
        item: "not in the catalogue",
        ts: NOW - n - 1,
      })),
    );
    await expect(world.run()).rejects.toThrow(
      "unknown_items: 300 of 700 events are with items outside the catalogue",
    );
    const fresh = await world.store.inTenant(TENANT, (tx) =>
      listJobFreshness(tx, NAMESPACE),
    );
    const validate = fresh.find(({ job }) => job === "validate");
    expect(validate?.lastError).toContain("unknown_items");
    expect(validate?.lastSuccessAt).not.toBeNull();
  });

  it("refuses names that are no jobs", async () => {
    const world = await open(createWorld());
    await expect(world.run({ jobs: ["popularty"] })).rejects.toThrow(ApiError);
  });
});

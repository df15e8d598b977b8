import {
  DAY_MS,
  type ContentHash,
  type FallbackLists,
  type GateThresholds,
} from "@recsys/contracts";
import { pointer, proposeChange } from "@recsys/store";
import { afterEach, describe, expect, it } from "vitest";
import {
  activateManifest,
  DEFAULT_PARAMETERS,
  collectGarbage,
  compareManifests,
  listManifests,
  liveDocument,
  pinManifest,
  rollbackManifest,
  showManifest,
} from "../src/index.ts";
import {
  itemId,
  NAMESPACE,
  NOW,
  TENANT,
  twoCampsWorld,
  type World,
} from "./world.ts";
const worlds: World[] = [];
async function open(): Promise<World> {
  const world = await twoCampsWorld();
  worlds.push(world);
  return world;
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const LIGHT = ["ingest", "catalogue", "popularity", "publish"];
const author = { author: "ann", authorKind: "human", reason: "test" } as const;

function address(world: World) {
  return {
    store: world.store,
    objects: world.objects,
    tenant: TENANT,
    namespace: NAMESPACE,
  };
}

/** Two versions of the manifest: the second saw one event more. */
async function twoVersions(world: World) {
  const first = await world.run({ jobs: LIGHT });
  await world.addEvents([{ user: "u1", item: itemId(3), ts: NOW - 1 }]);
  const second = await world.run({ jobs: LIGHT });
  return { first, second };
}

describe("manifests", () => {
  it("have a history, a difference and a way back", async () => {
    const world = await open();
    const { first } = await twoVersions(world);
    const history = await listManifests(address(world));
    expect(history.map(({ version, isLive }) => [version, isLive])).toEqual([
      [2, true],
      [1, false],
    ]);
    const changed = await compareManifests(address(world), "1", "live");
    expect(changed.map(({ part }) => part)).toEqual([
      "artifacts.popularity",
      "as_of",
    ]);
    const back = await rollbackManifest(address(world), author);
    expect(back.hash).toBe(first.manifest?.hash);
    expect(back.version).toBe(3);
  });

  it("are not activated when an artifact is gone", async () => {
    const world = await open();
    await twoVersions(world);
    const { manifest } = await showManifest(address(world), "1");
    const hash = manifest.artifacts["popularity"]?.hash as ContentHash;
    await world.objects.remove(hash);
    await expect(
      activateManifest(address(world), { ...author, name: "1" }),
    ).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
  });

  it("wait for a person when the gate holds them, and are found by their hash", async () => {
    const world = await open();
    const thresholds: GateThresholds = {
      ...DEFAULT_PARAMETERS.evaluation.thresholds,
      without_baseline: "hold",
    };
    const run = await world.run({ parameters: { evaluation: { thresholds } } });
    expect(run.isHeld).toBe(true);
    expect(run.manifest).toBeNull();
    const publish = run.jobs.find(({ name }) => name === "publish");
    const name = JSON.stringify(publish?.facts["manifest"]).slice(1, -1);
    const live = await activateManifest(address(world), { ...author, name });
    expect(live).toMatchObject({ version: 1, hash: name });
  });
});

describe("a candidate against the report of the live manifest", () => {
  it("is held where the intervals overlap and the policy says so", async () => {
    const world = await open();
    await world.run();
    const live_report = { max_drop: 0, undecided: "hold" } as const;
    const run = await world.run({
      parameters: { evaluation: { live_report } },
    });
    expect(run.isHeld).toBe(true);
  });
});

describe("garbage collection", () => {
  const collect = (world: World, more: object) =>
    collectGarbage({
      ...address(world),
      home: world.home,
      now: NOW,
      replayDays: 0,
      keepVersions: 1,
      ...more,
    });

  it("removes what no kept manifest names, but only after the grace period", async () => {
    const world = await open();
    await twoVersions(world);
    const orphan = await world.objects.put(new Uint8Array([1, 2, 3]));
    const later = Date.now() + 60 * DAY_MS;
    const marked = await collect(world, { now: later });
    expect(marked.removed).toEqual([]);
    expect(marked.waiting).toBeGreaterThan(1);
    const swept = await collect(world, { now: later + 2 * DAY_MS });
    expect(swept.removed).toContain(orphan);
    const { manifest } = await showManifest(address(world), "live");
    for (const { hash } of Object.values(manifest.artifacts)) {
      expect(await world.objects.has(hash as ContentHash)).toBe(true);
    }
  });

  it("keeps versions within the replay days and pinned ones", async () => {
    const world = await open();
    const { first } = await twoVersions(world);
    const old = await showManifest(address(world), "1");
    const hash = old.manifest.artifacts["popularity"]?.hash as ContentHash;
    const now = Date.now();
    await collect(world, { now, replayDays: 14, graceHours: 0 });
    expect(await world.objects.has(hash)).toBe(true);
    const later = now + 60 * DAY_MS;
    await world.store.inTenant(TENANT, (tx) =>
      pinManifest(tx, {
        namespace: NAMESPACE,
        hash: first.manifest?.hash ?? "",
        owner: "ann",
        until: later + DAY_MS,
      }),
    );
    await collect(world, { now: later, replayDays: 14, graceHours: 0 });
    expect(await world.objects.has(hash)).toBe(true);
  });
});

describe("fallback lists", () => {
  async function lists(world: World): Promise<FallbackLists["lists"]> {
    const live = await world.store.inTenant(TENANT, (tx) =>
      liveDocument(tx, NAMESPACE, "fallbacks"),
    );
    return live?.content.lists ?? {};
  }
  const JOBS = ["ingest", "catalogue", "popularity", "fallback"];

  it("hold available items that no rule blocks, with an owner and an end", async () => {
    const world = await open();
    await propose(world, "rules", {
      rules: [
        {
          id: "no-item-02",
          action: "BLOCK",
          target: { item_ids: [itemId(2)] },
          priority: 1,
          enabled: true,
          owner: "ann",
          reason: "recalled",
        },
      ],
    });
    await world.run({ jobs: JOBS });
    const { home } = await lists(world);
    expect(home?.item_ids.length).toBe(39);
    expect(home?.item_ids).not.toContain(itemId(2));
    expect(home?.owner).toBe("recommendations");
    expect(Date.parse(home?.expires_at ?? "")).toBe(NOW + 7 * DAY_MS);
  });

  it("set by hand stay until they expire", async () => {
    const world = await open();
    await world.run({ jobs: JOBS });
    const manual = {
      item_ids: [itemId(7)],
      owner: "ann",
      expires_at: new Date(NOW + DAY_MS).toISOString(),
      source: "manual",
    } as const;
    await propose(world, "fallbacks", {
      lists: { ...(await lists(world)), home: manual },
    });
    await world.run({ jobs: JOBS });
    expect((await lists(world))["home"]).toEqual(manual);
    await world.run({ jobs: JOBS, asOf: NOW + 2 * DAY_MS });
    expect((await lists(world))["home"]?.source).toBe("job");
  });

  async function propose(
    world: World,
    name: "rules" | "fallbacks",
    content: unknown,
  ): Promise<void> {
    await world.store.inTenant(TENANT, async (tx) => {
      const live = await pointer(tx, NAMESPACE, name);
      await proposeChange(tx, {
        tenant: TENANT,
        namespace: NAMESPACE,
        pointer: name,
        content,
        baseVersion: live?.version ?? null,
        ...author,
      });
    });
  }
});

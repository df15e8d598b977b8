import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContentHash, Manifest } from "@recsys/contracts";
import { deleteEvents } from "@recsys/store";
import { afterEach, describe, expect, it } from "vitest";
import {
  activateManifest,
  brokenArtifacts,
  listManifests,
  showManifest,
} from "../src/index.ts";
import { NAMESPACE, TENANT, twoCampsWorld, type World } from "./world.ts";

const worlds: World[] = [];
async function open(mode: "db" | "artifact" = "artifact"): Promise<World> {
  const world = await twoCampsWorld(mode);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const LIGHT = ["ingest", "catalogue", "popularity", "publish"];
const BOTH = ["ingest", "catalogue", "popularity", "trending", "publish"];

function address(world: World) {
  const { store, objects } = world;
  return { store, objects, tenant: TENANT, namespace: NAMESPACE };
}

async function live(world: World): Promise<Manifest> {
  return (await showManifest(address(world), "live")).manifest;
}

async function hashOf(world: World, signal: string): Promise<ContentHash> {
  const { artifacts } = await live(world);
  return (artifacts[signal]?.hash ?? "") as ContentHash;
}

/** Makes the file of an object shorter than its name says. */
async function damage(world: World, hash: string): Promise<void> {
  const path = join(world.home, "objects", hash.slice(0, 2), hash);
  await writeFile(path, "half");
}

async function states(world: World) {
  const broken = await brokenArtifacts(world.objects, await live(world));
  return broken.map(({ signal, state }) => [signal, state]);
}

describe("a run where nothing is new", () => {
  it("makes again what is missing or damaged, also of jobs that were not asked for", async () => {
    const world = await open();
    const first = await world.run({ jobs: BOTH });
    await world.objects.remove(await hashOf(world, "popularity"));
    await damage(world, await hashOf(world, "trending"));
    expect(await states(world)).toEqual([
      ["popularity", "missing"],
      ["trending", "damaged"],
    ]);
    const again = await world.run({ jobs: LIGHT });
    expect(again.jobs.map(({ name, result }) => [name, result])).toEqual([
      ["ingest", "nothing-to-do"],
      ["catalogue", "done"],
      ["popularity", "done"],
      ["trending", "done"],
      ["publish", "nothing-to-do"],
    ]);
    expect(await states(world)).toEqual([]);
    expect(again.manifest).toEqual(first.manifest);
  });

  it("does so in DB-only mode, too", async () => {
    const world = await open("db");
    await world.run({ jobs: LIGHT });
    const hash = await hashOf(world, "popularity");
    await world.store.withClient(TENANT, async (client) => {
      // A row that got lost, as a partial restore leaves it.
      await client.query("delete from object_chunks where hash = $1", [hash]);
    });
    expect(await states(world)).toEqual([["popularity", "damaged"]]);
    await world.run({ jobs: LIGHT });
    expect(await states(world)).toEqual([]);
  });

  it("leaves out what can be made no more, and says so", async () => {
    const world = await open();
    await world.run({ jobs: [...BOTH, "content"] });
    await world.objects.remove(await hashOf(world, "trending"));
    await world.store.inTenant(TENANT, (tx) =>
      deleteEvents(tx, NAMESPACE, { from: 0 }),
    );
    const again = await world.run({
      jobs: ["ingest", "catalogue", "content", "publish"],
    });
    const publish = again.jobs.find(({ name }) => name === "publish");
    expect(publish).toMatchObject({
      result: "done",
      facts: { left_out: ["trending"] },
    });
    expect(Object.keys((await live(world)).artifacts)).toEqual([
      "content",
      "popularity",
    ]);
  });

  it("is not stopped by a damaged recipe, report or memory", async () => {
    const world = await open();
    await world.run();
    const { recipe, evaluation } = await live(world);
    await damage(world, recipe.parameters_hash);
    await damage(world, evaluation ?? "");
    const run = await world.run();
    expect(run.isHeld).toBe(false);
    for (const hash of [recipe.parameters_hash, evaluation]) {
      expect(await world.objects.check(hash as ContentHash)).toBe("whole");
    }
    const drafts = await readdir(join(world.home, "objects"), {
      recursive: true,
    });
    expect(drafts.filter((name) => name.endsWith(".draft"))).toEqual([]);
  });
});

describe("an earlier manifest", () => {
  it("is not activated when an artifact is damaged", async () => {
    const world = await open();
    await world.run({ jobs: LIGHT });
    await damage(world, await hashOf(world, "popularity"));
    await expect(
      activateManifest(address(world), {
        name: "1",
        author: "ann",
        authorKind: "human",
        reason: "test",
      }),
    ).rejects.toMatchObject({ code: "ARTIFACT_INVALID" });
    expect(await listManifests(address(world))).toHaveLength(1);
  });
});

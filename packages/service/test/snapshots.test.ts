import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecommendResponse } from "@recsys/contracts";
import { openStore } from "@recsys/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { idsOf, items, startHarness, type Harness } from "./harness.ts";
import { eventually, publish } from "./publish.ts";

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(20));
});
afterEach(async () => {
  await harness.end();
});

const ask = () =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 4,
  });

const manifestVersion = async () =>
  (await ask()).body.meta.manifest_version?.split("-")[0];

describe("snapshots", () => {
  it("serve a new manifest without a restart, and the old one after a rollback", async () => {
    await publish(harness, [
      ["u", "item-5"],
      ["v", "item-5"],
    ]);
    await eventually(async () => (await manifestVersion()) === "1");
    expect(idsOf(await ask())[0]).toBe("item-5");
    await publish(harness, [
      ["u", "item-7"],
      ["v", "item-7"],
    ]);
    await eventually(async () => (await manifestVersion()) === "2");
    expect(idsOf(await ask())[0]).toBe("item-7");
    const back = await harness.call("POST /v1/admin/manifests/rollback", {});
    expect(back).toMatchObject({ status: 200 });
    // The rollback serves before it is answered; it is a version of its own.
    expect(await manifestVersion()).toBe("3");
    expect(idsOf(await ask())[0]).toBe("item-5");
  });

  it("serve a changed item and a changed rule although the manifest did not move", async () => {
    await publish(harness, [
      ["u", "item-5"],
      ["v", "item-5"],
    ]);
    await eventually(async () => (await manifestVersion()) === "1");
    expect(idsOf(await ask())[0]).toBe("item-5");
    await harness.call("POST /v1/items", [
      { item_id: "item-5", available: false },
    ]);
    expect(idsOf(await ask())).not.toContain("item-5");
    await harness.call("POST /v1/items", [
      { item_id: "item-5", available: true },
    ]);
    expect(idsOf(await ask())[0]).toBe("item-5");
    const live = await harness.call("GET /v1/admin/config/knobs");
    const put = await harness.call<{ version: string }>(
      "PUT /v1/admin/config/knobs",
      { "popularity.weight": 0.5 },
      { headers: { "if-match": String(live.headers["etag"]) } },
    );
    expect(put.status).toBe(200);
    expect((await ask()).body.meta.config_version).toBe(put.body.version);
  });

  it("keep the last good manifest when a bit of an artifact is flipped, and say so", async () => {
    await publish(harness, [
      ["u", "item-5"],
      ["v", "item-5"],
    ]);
    await eventually(async () => (await manifestVersion()) === "1");
    const good = idsOf(await ask());
    const next = await publishDamaged();
    await eventually(async () =>
      (await ask()).body.meta.degraded.some(({ part }) => part === "manifest"),
    );
    const list = await ask();
    expect(list.status).toBe(200);
    expect(idsOf(list)).toEqual(good);
    expect(list.body.meta.manifest_version).toMatch(/^1-/);
    const health = await harness.call<{
      status: string;
      snapshots: { alerts: { version: string }[] }[];
    }>("GET /health/detailed");
    expect(health.body.status).toBe("degraded");
    expect(health.body.snapshots[0]?.alerts[0]?.version).toMatch(
      new RegExp(`^${next}-`),
    );
    expect((await harness.call("GET /readyz")).status).toBe(200);
    const again = await harness.call("POST /v1/admin/manifests/activate", {
      version: next,
    });
    expect(again).toMatchObject({
      status: 422,
      body: { code: "ARTIFACT_INVALID" },
    });
  });

  it("take the newest good manifest when a process starts on a bad one", async () => {
    await publish(harness, [
      ["u", "item-5"],
      ["v", "item-5"],
    ]);
    await publishDamaged();
    await harness.restart();
    expect(await manifestVersion()).toBe("1");
  });

  it("boot from disk while the database is away, and say so", async () => {
    await publish(harness, [
      ["u", "item-5"],
      ["v", "item-5"],
    ]);
    await eventually(async () => (await manifestVersion()) === "1");
    const nowhere = openStore({
      appUrl: "postgres://nobody@127.0.0.1:1/nothing",
      connectTimeoutMs: 200,
    });
    await harness.restart({ store: nowhere });
    expect((await harness.call("GET /readyz")).status).toBe(200);
    const list = await ask();
    expect(list.status).toBe(200);
    expect(idsOf(list)[0]).toBe("item-5");
    expect(list.body.meta.degraded.map(({ part }) => part)).toContain(
      "snapshot",
    );
    const write = await harness.call("POST /v1/items", items(1));
    expect(write).toMatchObject({
      status: 503,
      body: { code: "DATABASE_UNAVAILABLE" },
    });
    expect(write.headers["retry-after"]).toBeDefined();
    await harness.restart();
    await nowhere.close();
  });

  it("take over what another replica wrote", async () => {
    const second = await startSecond();
    await second.call("POST /v1/items", [
      { item_id: "fresh", created_at: "2026-06-01T00:00:00Z" },
    ]);
    await eventually(async () => {
      const found = await harness.call("POST /v1/similar", {
        item_id: "fresh",
      });
      return found.status === 200;
    });
    await second.end();
  });
});

/** Publishes a manifest and flips one bit of its artifact before anybody reads it. */
async function publishDamaged(): Promise<number> {
  const objects = {
    ...harness.objects,
    put: async (bytes: Uint8Array) => {
      const hash = await harness.objects.put(bytes);
      const path = join(harness.home, "objects", hash.slice(0, 2), hash);
      const content = readFileSync(path);
      const at = content.length - 1;
      content.writeUInt8(content.readUInt8(at) ^ 1, at);
      writeFileSync(path, content);
      return hash;
    },
  };
  const { version } = await publish({ ...harness, objects }, [
    ["u", "item-9"],
    ["v", "item-9"],
  ]);
  return version;
}

async function startSecond() {
  const { createLog, createService, readConfig, withSecrets } =
    await import("../src/index.ts");
  const home = join(harness.home, "second");
  const config = await withSecrets(readConfig({ RECSYS_HOME: home }));
  const service = createService({
    store: harness.store,
    objectsFor: () => harness.objects,
    config,
    log: createLog({ logLevel: "silent" }),
    version: "0.0.0-second",
  });
  await service.open();
  return {
    call: (target: string, body: unknown) => {
      const [method, url] = target.split(" ");
      return service.app.inject({
        method: method as "POST",
        url: url ?? "/",
        headers: { "x-org-id": "demo", "content-type": "application/json" },
        payload: JSON.stringify(body),
      });
    },
    end: () => service.close(),
  };
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, type RecommendResponse } from "@recsys/contracts";
import { openStore, type Store } from "@recsys/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createLog,
  createService,
  readConfig,
  withSecrets,
  type Service,
} from "../src/index.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";
import { eventually, publish } from "./publish.ts";

/** Longer than any test: what arrives sooner came by notification. */
const LONG_TTL = "60";
const SHORT_TTL = "0.5";

let harness: Harness;
let store: Store;
let home: string;
let second: Service;
beforeEach(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(9));
  store = openStore({ appUrl: harness.appUrl });
  home = mkdtempSync(join(tmpdir(), "recsys-second-"));
});
afterEach(async () => {
  await second.close();
  await store.close();
  await harness.end();
  rmSync(home, { recursive: true, force: true });
});

/** Another replica on the same database and objects, as a process of its own would be. */
async function startSecond(database: Store, ttl = LONG_TTL): Promise<void> {
  const config = await withSecrets(
    readConfig({
      RECSYS_HOME: home,
      RECSYS_CONFIG_CACHE_TTL: ttl,
      RECSYS_RULES_CACHE_TTL: ttl,
    }),
  );
  second = createService({
    store: database,
    objectsFor: () => harness.objects,
    config,
    log: createLog({ logLevel: "silent" }),
    version: "0.0.0-second",
  });
  await second.open();
}

const deaf = (): Store => ({
  ...store,
  listen: () => Promise.reject(new Error("a pooler that knows no LISTEN")),
});

async function ask(userId = "somebody") {
  const answer = await second.app.inject({
    method: "POST",
    url: "/v1/recommend",
    headers: { "x-org-id": "demo", "content-type": "application/json" },
    payload: JSON.stringify({
      surface: "home",
      k: 3,
      user: { user_id: userId },
    }),
  });
  expect(answer.statusCode).toBe(200);
  return answer.json<RecommendResponse>().meta;
}

interface Health {
  readonly propagation: {
    readonly revision: number;
    readonly effective_everywhere: boolean;
    readonly replicas: readonly {
      readonly revision: number;
      readonly is_self: boolean;
      readonly is_current: boolean;
    }[];
  };
}
const propagation = async () =>
  (await harness.call<Health>("GET /health/detailed")).body.propagation;

const changeKnobs = async (weight: number) => {
  const put = await harness.call<{ version: string }>(
    "PUT /v1/admin/config/knobs",
    { "popularity.weight": weight },
    { headers: { "if-match": "*" } },
  );
  expect(put.status).toBe(200);
  return put.body.version;
};

describe("two replicas of one database", () => {
  it("both serve a changed configuration, and say so", async () => {
    await startSecond(store);
    await eventually(async () => (await propagation()).replicas.length === 2);
    const version = await changeKnobs(0.5);
    await eventually(async () => (await ask()).config_version === version);
    await eventually(async () => {
      const { revision, effective_everywhere, replicas } = await propagation();
      return (
        revision === 1 &&
        effective_everywhere &&
        replicas.length === 2 &&
        replicas.every((one) => one.revision === 1 && one.is_current)
      );
    });
    expect(
      (await propagation()).replicas.filter(({ is_self }) => is_self),
    ).toHaveLength(1);
    await second.close();
    expect((await propagation()).replicas).toHaveLength(1);
  });

  it("agree by polling, when one hears no notifications", async () => {
    await startSecond(deaf(), SHORT_TTL);
    await ask("u1");
    const version = await changeKnobs(0.5);
    await harness.call("POST /v1/events", [
      { event_id: "e1", user_id: "u1", type: "click", item_id: "item-1" },
    ]);
    await eventually(async () => (await ask()).config_version === version);
    await eventually(() => knows("item-1"));
  });

  it("both know what a person was shown, where fatigue counts", async () => {
    await startSecond(store);
    const put = await harness.call(
      "PUT /v1/admin/config/knobs",
      { "fatigue.cap": 1 },
      { headers: { "if-match": "*" } },
    );
    const { version } = put.body;
    await eventually(async () => (await ask("u9")).config_version === version);
    const before = performance.now();
    const shown = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 3,
      user: { user_id: "u9" },
    });
    await harness.call(`GET /v1/audit/decisions/${shown.body.meta.request_id}`);
    await eventually(async () => {
      const { request_id } = await ask("u9");
      await second.app.inject({
        url: `/v1/audit/decisions/${request_id}`,
        headers: { "x-org-id": "demo" },
      });
      const { user_state } = await recordOf(harness, request_id);
      return (user_state.impressions ?? []).some(
        (list) => list.request_id === shown.body.meta.request_id,
      );
    });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it("both serve an activated manifest and a fresh event at once", async () => {
    await publish(harness, [["u", "item-5"]]);
    await publish(harness, [["u", "item-7"]]);
    await startSecond(store);
    // Its state is in memory before the event comes.
    await ask("u1");
    const activated = await harness.call<{ version: string }>(
      "POST /v1/admin/manifests/activate",
      { version: 1 },
    );
    await harness.call("POST /v1/events", [
      { event_id: "e1", user_id: "u1", type: "click", item_id: "item-1" },
    ]);
    await eventually(() => knows("item-1"));
    await eventually(
      async () => (await ask()).manifest_version === activated.body.version,
    );
  });

  it("show who is behind, when one cannot follow", async () => {
    let isStuck = false;
    await startSecond({
      ...deaf(),
      inTenant: (tenant, work) =>
        isStuck
          ? Promise.reject(new ApiError("DATABASE_UNAVAILABLE"))
          : store.inTenant(tenant, work),
    });
    await eventually(async () => (await propagation()).replicas.length === 2);
    isStuck = true;
    await changeKnobs(0.5);
    await eventually(async () =>
      (await propagation()).replicas.some(
        (one) => one.is_self && one.is_current,
      ),
    );
    const { effective_everywhere, replicas } = await propagation();
    expect(effective_everywhere).toBe(false);
    expect(replicas.find(({ is_self }) => !is_self)).toMatchObject({
      revision: 0,
      is_current: false,
    });
    isStuck = false;
  });

  it("show who refused what is live, even when it never served anything else", async () => {
    await publish(harness, [["u", "item-5"]]);
    for await (const { hash } of harness.objects.list()) {
      await harness.objects.remove(hash);
    }
    await startSecond(store);
    await eventually(async () => (await propagation()).replicas.length === 2);
    const { effective_everywhere, replicas } = await propagation();
    expect(effective_everywhere).toBe(false);
    expect(replicas.find(({ is_self }) => !is_self)).toMatchObject({
      revision: 0,
      is_current: false,
    });
  });
});

/** Whether the second replica's next list for u1 is made from an event with the item. */
async function knows(itemId: string): Promise<boolean> {
  const { request_id } = await ask("u1");
  await second.app.inject({
    url: `/v1/audit/decisions/${request_id}`,
    headers: { "x-org-id": "demo" },
  });
  const { user_state } = await recordOf(harness, request_id);
  return user_state.events.some((event) => event.item_id === itemId);
}

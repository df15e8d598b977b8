import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import { items, recordOf, startHarness, type Harness } from "./harness.ts";
import { eventually, publish } from "./publish.ts";

let harness: Harness;
let requestId: string;

const ask = () =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 8,
    user: { user_id: "anna" },
    constraints: { none_of: ["odd"] },
  });

const replayer = () =>
  createReplayer({
    store: harness.store,
    tenant: "demo",
    objects: harness.objects,
  });

beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(40));
  await harness.call("POST /v1/events", [
    { user_id: "anna", type: "view", item_id: "item-2" },
    { user_id: "anna", type: "purchase", item_id: "item-4" },
  ]);
  await publish(harness, [
    ["u1", "item-2"],
    ["u1", "item-6"],
    ["u2", "item-2"],
    ["u2", "item-6"],
    ["u3", "item-4"],
    ["u3", "item-8"],
  ]);
  await eventually(
    async () => (await ask()).body.meta.manifest_version !== null,
  );
  const list = await ask();
  requestId = list.body.meta.request_id;
});
afterAll(async () => {
  await harness.end();
});

describe("replay", () => {
  it("gives the identical slate from the record", async () => {
    const record = await recordOf(harness, requestId);
    const replay = await replayer().replay(record);
    expect(replay.difference).toBe("");
    expect(replay).toMatchObject({ identical: true, comparable: true });
    expect(replay.versions).toEqual({});
  });

  it("still does after config, rules, items, events and manifest have moved on", async () => {
    const before = await ask();
    const { headers } = await harness.call("GET /v1/admin/config/surfaces");
    const surfaces = await harness.call<{ content: Record<string, object> }>(
      "GET /v1/admin/config/surfaces",
    );
    const home = surfaces.body.content["home"];
    const put = await harness.call(
      "PUT /v1/admin/config/surfaces",
      {
        ...surfaces.body.content,
        home: { ...home, knobs: { "popularity.weight": 5 } },
      },
      { headers: { "if-match": String(headers["etag"]) } },
    );
    expect(put.status).toBe(200);
    const rules = await harness.call("GET /v1/admin/rules");
    await harness.call(
      "PUT /v1/admin/rules",
      {
        rules: [
          {
            id: "no-six",
            action: "BLOCK",
            target: { item_ids: ["item-6"] },
            priority: 1,
            enabled: true,
            owner: "merch",
            reason: "recalled",
          },
        ],
      },
      { headers: { "if-match": String(rules.headers["etag"]) } },
    );
    await harness.call("POST /v1/items", [
      { item_id: "item-8", available: false },
      { item_id: "item-99", tags: ["even"] },
    ]);
    await harness.call("DELETE /v1/items?item_id=item-10");
    await harness.call("POST /v1/events", [
      { user_id: "anna", type: "purchase", item_id: "item-12" },
    ]);
    await publish(harness, [
      ["u1", "item-20"],
      ["u2", "item-22"],
    ]);
    await eventually(
      async () =>
        (await ask()).body.meta.manifest_version !==
        before.body.meta.manifest_version,
    );
    const after = await ask();
    expect(after.body.items).not.toEqual(before.body.items);
    const replay = await replayer().replay(await recordOf(harness, requestId));
    expect(replay.difference).toBe("");
    expect(replay.identical).toBe(true);
  });

  it("says what another manifest would have changed", async () => {
    const record = await recordOf(harness, requestId);
    const replay = await replayer().replay(record, { manifest: 2 });
    expect(replay.identical).toBe(false);
    expect(replay.versions["manifest_version"]).toBeDefined();
    expect(replay.difference).toMatch(/^rank \d+/);
  });

  it("names what is gone", async () => {
    const record = await recordOf(harness, requestId);
    const [hash] = Object.values(record.versions.models);
    await harness.objects.remove(hash as never);
    await expect(replayer().replay(record)).rejects.toThrow(
      `artifact ${String(hash).slice(0, 12)}`,
    );
    await expect(
      replayer().replay({
        ...record,
        versions: { ...record.versions, config_version: "77-abcdef12" },
      }),
    ).rejects.toMatchObject({
      code: "REPLAY_IMPOSSIBLE",
      message: "Gone: version 77-abcdef12 of config in default.",
    });
  });
});

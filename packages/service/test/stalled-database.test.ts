import type { BatchResult, RecommendResponse } from "@recsys/contracts";
import { openStore, type Store } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  stallableProxy,
  type StallableProxy,
} from "../../../tests/support/stallable-proxy.ts";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
let proxy: StallableProxy;
let store: Store;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
  proxy = await stallableProxy(harness.appUrl);
  store = openStore({
    appUrl: proxy.url,
    max: 2,
    connectTimeoutMs: 500,
    silenceMs: 500,
  });
  await harness.restart({ store });
});
afterAll(async () => {
  await harness.service.close();
  await store.close();
  await proxy.close();
  await harness.end();
});

const event = [
  { event_id: "e1", user_id: "u1", type: "click", item_id: "item-1" },
];

describe("while the database stands still", () => {
  it("writes are 503 soon, lists go on, and all is well afterwards", async () => {
    proxy.stall("all");
    const writes = await Promise.all([
      harness.call("POST /v1/events", event),
      harness.call("POST /v1/events", event),
    ]);
    for (const write of writes) {
      expect(write).toMatchObject({
        status: 503,
        headers: { "retry-after": "1" },
        body: { code: "DATABASE_UNAVAILABLE" },
      });
    }
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 3,
    });
    expect(list.body.items).toHaveLength(3);
    proxy.resume();
    const again = await harness.call<BatchResult>("POST /v1/events", event);
    expect(again).toMatchObject({ status: 200, body: { accepted: 1 } });
    const stored = await harness.call("GET /v1/events?user_id=u1");
    expect(stored.body["items"]).toHaveLength(1);
  });
});

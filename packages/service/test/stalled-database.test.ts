import type { BatchResult, RecommendResponse } from "@recsys/contracts";
import { openStore, type Store } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";

const CONNECTIONS = 2;

let harness: Harness;
let store: Store;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
  store = openStore({
    appUrl: harness.appUrl,
    max: CONNECTIONS,
    silenceMs: 500,
  });
  await harness.restart({ store });
});
afterAll(async () => {
  await harness.end();
  await store.close();
});

/** Stops the server processes behind every connection of the pool; the result lets them go on. */
async function stopConnections(): Promise<() => void> {
  const pids = await Promise.all(
    Array.from({ length: CONNECTIONS }, () =>
      store.withClient("demo", async (client) => {
        // Held for a moment, so that each has one of its own.
        const { rows } = await client.query<{ pid: number }>(
          "select pg_backend_pid() as pid, pg_sleep(0.05)",
        );
        return rows[0]?.pid ?? 0;
      }),
    ),
  );
  expect(new Set(pids).size).toBe(CONNECTIONS);
  for (const pid of pids) process.kill(pid, "SIGSTOP");
  return () => {
    for (const pid of pids) process.kill(pid, "SIGCONT");
  };
}

const event = [
  { event_id: "e1", user_id: "u1", type: "click", item_id: "item-1" },
];

describe("while the database stands still", () => {
  it("writes are 503 in bounded time, lists go on, and all is well afterwards", async () => {
    const go = await stopConnections();
    const begin = performance.now();
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
    expect(performance.now() - begin).toBeLessThan(5000);
    const list = await harness.call<RecommendResponse>("POST /v1/recommend", {
      surface: "home",
      k: 3,
    });
    expect(list.body.items).toHaveLength(3);
    go();
    const again = await harness.call<BatchResult>("POST /v1/events", event);
    expect(again).toMatchObject({ status: 200, body: { accepted: 1 } });
    const stored = await harness.call("GET /v1/events?user_id=u1");
    expect(stored.body["items"]).toHaveLength(1);
  });
});

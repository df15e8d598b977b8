import { openStore, type Store } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { items, startHarness, type Harness } from "./harness.ts";

let harness: Harness;
let store: Store;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(5));
  const url = new URL(harness.appUrl);
  url.password = "changed since";
  store = openStore({ appUrl: url.href });
  await harness.restart({ store });
});
afterAll(async () => {
  await harness.end();
  await store.close();
});

describe("while the database refuses the login", () => {
  it("writes are 503 and ask for patience", async () => {
    const write = await harness.call("POST /v1/events", [
      { event_id: "e1", user_id: "u1", type: "click", item_id: "item-1" },
    ]);
    expect(write).toMatchObject({
      status: 503,
      headers: { "retry-after": "1" },
      body: { code: "DATABASE_UNAVAILABLE" },
    });
  });

  it("is as ready, and its health as degraded, as with a database that is away", async () => {
    const refused = await health();
    const away = openStore({ appUrl: "postgres://nobody@127.0.0.1:1/nothing" });
    await harness.restart({ store: away });
    expect(refused).toEqual(await health());
    expect(refused).toEqual({ readyz: 200, status: "degraded" });
    await harness.restart({ store });
    await away.close();
  });
});

async function health() {
  const readyz = await harness.call("GET /readyz");
  const detailed = await harness.call("GET /health/detailed");
  return { readyz: readyz.status, status: detailed.body["status"] };
}

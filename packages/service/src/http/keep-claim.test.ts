import { claimAnswer, openStore, type Store } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../../tests/support/database.ts";
import { keepClaim } from "./keep-claim.ts";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ appUrl: database.appUrl });
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const tenant = "acme";
const asked = (key: string) => ({ route: "r", key, bodyHash: "h" });
const claim = (key: string, holder: string) =>
  store.inTenant(tenant, (tx) => claimAnswer(tx, asked(key), holder));
const claimedAt = (key: string) =>
  store.withClient(tenant, async (client) => {
    const { rows } = await client.query<{ at: number }>(
      "select recsys.unix_ms(created_at) as at from idempotency_answers where key = $1",
      [key],
    );
    return rows[0]?.at ?? 0;
  });

describe("a claim that is kept", () => {
  it("outlives its minute while the work goes on, and not the end of it", async () => {
    await claim("long", "a");
    const request = asked("long");
    const stop = keepClaim(
      { store, tenant, request, holder: "a" },
      { everyMs: 5, most: Infinity },
    );
    for (const seconds of [50, 100, 150]) {
      await database.shiftClock(seconds * 1000);
      const from = Date.now() + (seconds - 10) * 1000;
      await expect.poll(() => claimedAt("long")).toBeGreaterThan(from);
      expect(await claim("long", "b")).toEqual({ kind: "under-way" });
    }
    stop();
    await database.shiftClock(220_000);
    await expect.poll(() => claim("long", "b")).toEqual({ kind: "mine" });
  });

  it("is given up when the work hangs", async () => {
    await database.shiftClock(0);
    const keep = (key: string, most: number) =>
      keepClaim(
        { store, tenant, request: asked(key), holder: "a" },
        { everyMs: 5, most },
      );
    await claim("hangs", "a");
    await claim("works", "a");
    const first = await claimedAt("hangs");
    keep("hangs", 1);
    await expect.poll(() => claimedAt("hangs")).toBeGreaterThan(first);
    await database.shiftClock(70_000);
    const stop = keep("works", Infinity);
    await expect.poll(() => claimedAt("works")).toBeGreaterThan(first + 60_000);
    stop();
    expect(await claim("hangs", "b")).toEqual({ kind: "mine" });
  });
});

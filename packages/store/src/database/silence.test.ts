import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import {
  stallableProxy,
  type StallableProxy,
} from "../../../../tests/support/stallable-proxy.ts";
import { copyOut } from "./copy.ts";
import { type Store, openStore } from "./store.ts";

const SILENCE_MS = 300;

let test: TestStore;
let tenant: TestTenant;
let proxy: StallableProxy;
let store: Store;
beforeAll(async () => {
  test = await openTestStore();
  tenant = await test.newTenant();
  proxy = await stallableProxy(test.appUrl);
  store = openStore({ appUrl: proxy.url, max: 1, silenceMs: SILENCE_MS });
});
afterAll(async () => {
  await store.close();
  await proxy.close();
  await test.close();
});

const pidOf = async (): Promise<number> => {
  const { rows } = await store.tenantless((db) =>
    sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db),
  );
  return rows[0]?.pid ?? 0;
};

describe("a store with a bound on silence", () => {
  it.each([
    ["a transaction", () => store.inTenant(tenant.id, () => pidOf())],
    ["a query", () => store.ping()],
    [
      "a stream",
      () =>
        store.withClient(tenant.id, (client) =>
          copyOut(client, "copy (select 1) to stdout", () => undefined),
        ),
    ],
  ])("gives %s up when the database stands still", async (_, work) => {
    const before = await pidOf();
    proxy.stall("open");
    await expect(work()).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
    // The connection is not used again: the next caller gets a new one while the old one still stands.
    expect(await pidOf()).not.toBe(before);
  });

  it("gives up in the middle of a transaction", async () => {
    const work = store.inTenant(tenant.id, async (tx) => {
      proxy.stall("open");
      await sql`select 1`.execute(tx.db);
    });
    await expect(work).rejects.toMatchObject({ code: "DATABASE_UNAVAILABLE" });
  });

  it("waits for a statement that answers in pieces, however long it takes", async () => {
    let pieces = 0;
    await store.withClient(tenant.id, (client) =>
      copyOut(
        client,
        // Rows are sent when 8 KiB have gathered.
        `copy (select repeat('x', 9000), pg_sleep(0.1) from generate_series(1, 8)) to stdout`,
        () => {
          pieces += 1;
          return undefined;
        },
      ),
    );
    expect(pieces).toBeGreaterThanOrEqual(8);
  });

  it("waits for a reader that is slower than the database", async () => {
    let isFirst = true;
    const rows = await store.withClient(tenant.id, (client) =>
      copyOut(
        client,
        "copy (select repeat('x', 1000) from generate_series(1, 50000)) to stdout",
        () => {
          if (!isFirst) return undefined;
          isFirst = false;
          return pause(3 * SILENCE_MS);
        },
      ),
    );
    expect(rows).toBe(50_000);
  });

  it("leaves a transaction alone whose caller does something else", async () => {
    await store.inTenant(tenant.id, async (tx) => {
      await pause(3 * SILENCE_MS);
      await sql`select 1`.execute(tx.db);
    });
  });
});

import { once } from "node:events";
import { type Server, type Socket, connect, createServer } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type TestDatabase,
  testDatabase,
} from "../../../../tests/support/database.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import {
  REVISION_CHANNEL,
  ackRevision,
  allRevisions,
  currentRevision,
  listAcks,
} from "../tables/revisions.ts";
import { planUserStates } from "../tables/user-state.ts";
import { openStore } from "./store.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

/** A promise that somebody else resolves. */
function signal() {
  let resolve: (value: string) => void = () => undefined;
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

describe("a store", () => {
  it("forgets the tenant at the end of the transaction", async () => {
    const store = openStore({ appUrl: test.appUrl, max: 1 });
    await store.inTenant(tenant.id, () => Promise.resolve());
    const { rows } = await store.tenantless((db) =>
      sql<{ tenant: string | null }>`select recsys.tenant() as tenant`.execute(
        db,
      ),
    );
    expect(rows).toEqual([{ tenant: null }]);
    await store.close();
  });

  it("says that the database is away when nobody listens", async () => {
    const store = openStore({ appUrl: "postgresql://a:b@127.0.0.1:1/x" });
    await expect(store.ping()).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
    await store.close();
  });

  it("warms up each connection that is kept open", async () => {
    const store = openStore({ appUrl: test.appUrl, keepOpen: 3 });
    const warm: number[] = [];
    await store.warmUp(async (db) => {
      await planUserStates(db);
      const { rows } = await sql<{ pid: number }>`
        select pg_backend_pid() as pid, pg_sleep(0.05)`.execute(db);
      warm.push(...rows.map(({ pid }) => pid));
    });
    expect(new Set(warm).size).toBe(3);
    await store.close();
  });

  it("refuses a bigint that a number cannot hold, instead of rounding it", async () => {
    await expect(
      test.store.tenantless((db) =>
        sql`select 9007199254740993::bigint as n`.execute(db),
      ),
    ).rejects.toThrow("9007199254740993");
  });
});

describe("revisions", () => {
  it("are heard at commit by those who listen", async () => {
    const heard = signal();
    const listener = await test.store.listen(REVISION_CHANNEL, {
      onMessage: heard.resolve,
      onLost: () => undefined,
    });
    await tenant.propose();
    expect(JSON.parse(await heard.promise)).toEqual({
      tenant: tenant.id,
      n: 1,
    });
    await listener.close();
  });

  it("count up by one per change and keep their incarnation", async () => {
    const at = () =>
      test.store.tenantless((db) => currentRevision(db, tenant.id));
    const before = await at();
    await tenant.propose();
    expect(await at()).toEqual({ incarnation: before?.incarnation, n: 1 });
    const all = await test.store.tenantless(allRevisions);
    expect(all.get(tenant.id)?.n).toBe(1);
  });

  it("are acknowledged per replica", async () => {
    const revision = { incarnation: crypto.randomUUID(), n: 3 };
    const acks = await test.store.inTenant(tenant.id, async (tx) => {
      await ackRevision(tx, "r1", { ...revision, n: 2 });
      await ackRevision(tx, "r1", revision);
      return listAcks(tx);
    });
    expect(acks).toMatchObject([{ replica: "r1", n: 3 }]);
  });
});

describe("a listener whose connection is cut", () => {
  it("says so, comes back, and hears again", async () => {
    const proxy = await openProxy(test.appUrl);
    const store = openStore({ appUrl: proxy.url });
    const [lost, restored, heard] = [signal(), signal(), signal()];
    const listener = await store.listen("recsys_test", {
      onMessage: heard.resolve,
      onLost: () => {
        lost.resolve("lost");
      },
      onRestored: () => {
        restored.resolve("restored");
      },
    });
    proxy.cut();
    await lost.promise;
    await restored.promise;
    await test.owner.query("select pg_notify('recsys_test', 'again')");
    expect(await heard.promise).toBe("again");
    await listener.close();
    await store.close();
    proxy.close();
  });

  it("fails at once when it never could listen", async () => {
    const store = openStore({ appUrl: "postgresql://a:b@127.0.0.1:1/x" });
    await expect(
      store.listen("x", {
        onMessage: () => undefined,
        onLost: () => undefined,
      }),
    ).rejects.toThrow();
    await store.close();
  });
});

/** Passes bytes on to the database until it is told to cut all connections. */
async function openProxy(appUrl: string) {
  const target = new URL(appUrl);
  const sockets = new Set<Socket>();
  const server: Server = createServer((inbound) => {
    const outbound = connect(Number(target.port), target.hostname);
    for (const socket of [inbound, outbound]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
    }
    inbound.pipe(outbound).pipe(inbound);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("port");
  const url = new URL(appUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close() {
      server.close();
    },
  };
}

describe("a test database", () => {
  let database: TestDatabase;
  it("is a fresh copy each time", async () => {
    database = await testDatabase();
    const store = openStore({ appUrl: database.appUrl });
    expect(await store.tenantless(allRevisions)).toEqual(new Map());
    await store.close();
    await database.drop();
  });
});

import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import { openDatabaseFromUrls } from "../src/index.ts";
import {
  PlainServer,
  createLogin,
  failureOf,
  instructions,
  onStore,
} from "./support/plain-server.ts";
import { query } from "./support/server-home.ts";
import { newTenant } from "./support/test-tenant.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const server = new PlainServer();
/** A database as the superuser sees it, and another as a superuser with another password. */
let superUrl: string;
let bobUrl: string;

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(async () => {
  await server.empty();
  superUrl = await server.newDatabase();
  bobUrl = await createLogin(await server.newDatabase(), "bob", "superuser");
});

const open = (facts: { readonly databaseUrl: string }) =>
  openDatabaseFromUrls({
    production: false,
    migrate: true,
    log: () => undefined,
    ...facts,
  });

describe("several deployments on one server", () => {
  it("leave each other's logins alone", async () => {
    const first = await open({ databaseUrl: superUrl });
    const second = await open({ databaseUrl: bobUrl });
    expect(new URL(second.appUrl).username).not.toBe(
      new URL(first.appUrl).username,
    );
    for (const { appUrl } of [first, second]) {
      await onStore(appUrl, async (store) => {
        await (await newTenant(store)).propose();
      });
    }
  });

  it("leave the login recsys_app of an older release alone", async () => {
    await query(superUrl, "create role recsys_app login password 'older'");
    await open({ databaseUrl: superUrl });
    const older = new URL(superUrl);
    older.username = "recsys_app";
    older.password = "older";
    expect(await query(older.href, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("refuse a login whose password is another, and say what to run", async () => {
    const { appUrl } = await open({ databaseUrl: superUrl });
    const { username } = new URL(appUrl);
    await query(superUrl, `alter role ${username} password 'changed'`);
    const refusal = await failureOf(open({ databaseUrl: superUrl }));
    expect(refusal.code).toBe("UNKNOWN_PASSWORD");
    const changed = new URL(appUrl);
    changed.password = "changed";
    expect(await query(changed.href, "select 1 as one")).toEqual([{ one: 1 }]);
    await query(superUrl, instructions(refusal.message).sql);
    expect((await open({ databaseUrl: superUrl })).appUrl).toBe(appUrl);
  });
});

describe("a store whose login fails", () => {
  const variant = (url: string, change: (url: URL) => void) => {
    const changed = new URL(url);
    change(changed);
    return changed.href;
  };

  it.each([
    ["28P01", (url: URL) => (url.password = "wrong")],
    ["3D000", (url: URL) => (url.pathname = "/gone")],
    ["28000", (url: URL) => (url.username = "idle")],
  ])("with %s says that the database is unavailable", async (code, change) => {
    await query(superUrl, "create role idle nologin password 'secret'");
    await onStore(variant(bobUrl, change), async (store) => {
      const refusal = await failureOf(store.ping());
      expect(refusal).toMatchObject({
        code: "DATABASE_UNAVAILABLE",
        facts: { retryAfterSeconds: 1 },
        cause: { code },
      });
    });
  });
});

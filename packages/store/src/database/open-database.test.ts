import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import {
  PlainServer,
  createLogin,
  loginAs,
} from "../../test/support/plain-server.ts";
import { query } from "../../test/support/server-home.ts";
import { openDatabaseFromUrls } from "./open-database.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const server = new PlainServer();
/** A fresh database as its superuser sees it. */
let superUrl: string;

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(async () => {
  await server.empty();
  superUrl = await server.newDatabase();
});

const open = (facts: {
  databaseUrl: string;
  migrateUrl?: string;
  production: boolean;
  migrate?: boolean;
}) =>
  openDatabaseFromUrls({
    migrate: true,
    log: () => undefined,
    ...facts,
  });

describe("one URL in development", () => {
  it("of a superuser makes the schema and a harmless runtime login", async () => {
    const { appUrl, ownerUrl } = await open({
      databaseUrl: superUrl,
      production: false,
    });
    expect(ownerUrl).toBe(superUrl);
    expect(new URL(appUrl).username).toMatch(/^recsys_app_[0-9a-f]{8}$/);
    expect(
      await query(
        appUrl,
        `select tableowner from pg_tables where schemaname = 'public'
           group by tableowner`,
      ),
    ).toEqual([{ tableowner: "recsys_owner" }]);
  });

  it("may be opened by several processes at once", async () => {
    const opened = await Promise.all(
      [1, 2, 3].map(() => open({ databaseUrl: superUrl, production: false })),
    );
    for (const { appUrl } of opened) {
      expect(await query(appUrl, "select 1 as one")).toEqual([{ one: 1 }]);
    }
  });
});

describe("production", () => {
  it.each([
    ["a superuser", "superuser"],
    ["a login with BYPASSRLS", "bypassrls"],
    ["a login that may create roles", "createrole"],
  ])("refuses %s for the application", async (_, rights) => {
    const url = await createLogin(superUrl, `wide_${rights}`, rights);
    await expect(
      open({ databaseUrl: url, production: true, migrateUrl: superUrl }),
    ).rejects.toMatchObject({ code: "UNSAFE_LOGIN" });
  });

  it("refuses the owner of the schema for the application", async () => {
    await open({ databaseUrl: superUrl, production: false });
    await query(superUrl, "alter role recsys_owner login password 'secret'");
    await expect(
      open({
        databaseUrl: loginAs(superUrl, "recsys_owner"),
        production: true,
      }),
    ).rejects.toMatchObject({ code: "UNSAFE_LOGIN" });
  });

  it("takes a plain login of any name, which becomes a member of recsys_app", async () => {
    const databaseUrl = await createLogin(superUrl, "shop");
    const { appUrl } = await open({
      databaseUrl,
      migrateUrl: superUrl,
      production: true,
    });
    expect(appUrl).toBe(databaseUrl);
    expect(await query(appUrl, "select * from tenants")).toEqual([]);
    await expect(query(appUrl, "create table x (a int)")).rejects.toThrow(
      "permission denied",
    );
  });

  it("does not migrate unless it is told to", async () => {
    await open({
      databaseUrl: superUrl,
      production: false,
      migrate: false,
    }).catch(() => undefined);
    const databaseUrl = await createLogin(superUrl, "shop");
    await expect(
      open({
        databaseUrl,
        migrateUrl: superUrl,
        production: true,
        migrate: false,
      }),
    ).rejects.toMatchObject({ code: "NOT_MIGRATED" });
  });
});

describe("a database that cannot be used", () => {
  it("is named without its password", async () => {
    const failure = open({
      databaseUrl: "postgresql://me:hidden@127.0.0.1:1/shop",
      production: true,
    });
    await expect(failure).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.not.stringContaining("hidden") as string,
    });
  });
});

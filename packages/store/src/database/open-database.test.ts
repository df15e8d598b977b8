import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
  type Joined,
  ServerHome,
  query,
} from "../../test/support/server-home.ts";
import { openDatabaseFromUrls } from "./open-database.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let home: ServerHome;
let server: Joined;
/** A fresh database as its superuser sees it. */
let superUrl: string;

beforeAll(async () => {
  home = new ServerHome();
  server = await home.join();
});
afterAll(async () => {
  await server.leave();
  await home.remove();
});
beforeEach(async () => {
  const { password } = JSON.parse(
    readFileSync(join(home.path, "server.json"), "utf8"),
  ) as { password: string };
  const name = `d${randomBytes(4).toString("hex")}`;
  const at = `postgresql://recsys_admin:${password}@127.0.0.1:${server.port}`;
  await query(`${at}/postgres`, `create database ${name}`);
  superUrl = `${at}/${name}`;
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

function loginAs(role: string): string {
  const url = new URL(superUrl);
  url.username = role;
  url.password = "secret";
  return url.href;
}

async function createLogin(role: string, rights = ""): Promise<string> {
  await query(superUrl, `drop role if exists ${role}`);
  await query(
    superUrl,
    `create role ${role} login password 'secret' ${rights}`,
  );
  return loginAs(role);
}

describe("one URL in development", () => {
  it("of a superuser makes the schema and a harmless runtime login", async () => {
    const { appUrl, ownerUrl } = await open({
      databaseUrl: superUrl,
      production: false,
    });
    expect(ownerUrl).toBe(superUrl);
    expect(new URL(appUrl).username).toBe("recsys_app");
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

  it("of a login that cannot make roles is an error that says what to do", async () => {
    const url = await createLogin("plain_owner");
    await query(
      superUrl,
      `do $$ begin execute 'alter database ' || current_database() || ' owner to plain_owner'; end $$`,
    );
    await expect(
      open({ databaseUrl: url, production: false }),
    ).rejects.toMatchObject({
      code: "NO_RIGHTS",
      message: expect.stringContaining("create role recsys_app") as string,
    });
    await query(
      superUrl,
      `do $$ begin execute 'alter database ' || current_database() || ' owner to recsys_admin'; end $$`,
    );
  });
});

describe("production", () => {
  it.each([
    ["a superuser", "superuser"],
    ["a login with BYPASSRLS", "bypassrls"],
    ["a login that may create roles", "createrole"],
  ])("refuses %s for the application", async (_, rights) => {
    const url = await createLogin(`wide_${rights}`, rights);
    await expect(
      open({ databaseUrl: url, production: true, migrateUrl: superUrl }),
    ).rejects.toMatchObject({ code: "UNSAFE_LOGIN" });
  });

  it("refuses the owner of the schema for the application", async () => {
    await open({ databaseUrl: superUrl, production: false });
    await query(superUrl, "alter role recsys_owner login password 'secret'");
    await expect(
      open({ databaseUrl: loginAs("recsys_owner"), production: true }),
    ).rejects.toMatchObject({ code: "UNSAFE_LOGIN" });
  });

  it("takes a plain login of any name, which becomes a member of recsys_app", async () => {
    const databaseUrl = await createLogin("shop");
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
    const databaseUrl = await createLogin("shop");
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

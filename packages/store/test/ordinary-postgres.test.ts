import { readFileSync } from "node:fs";
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from "vitest";
import { openDatabaseFromUrls, type Store } from "../src/index.ts";
import { appendEvents } from "../src/tables/events.ts";
import { batchOf } from "./support/new-events.ts";
import {
  PlainServer,
  createLogin,
  failureOf,
  giveDatabase,
  instructions,
  loginAs,
  onStore,
} from "./support/plain-server.ts";
import { query } from "./support/server-home.ts";
import { newTenant } from "./support/test-tenant.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const server = new PlainServer();
/** A fresh database as its superuser sees it. */
let superUrl: string;
/** The same as a login that owns it and may make no roles. */
let shopUrl: string;
let lines: string[];

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(async () => {
  await server.empty(); // Roles belong to the whole server.
  superUrl = await server.newDatabase();
  shopUrl = await createLogin(superUrl, "shop");
  await giveDatabase(superUrl, "shop");
  lines = [];
});

const open = (facts: {
  readonly databaseUrl: string;
  readonly migrateUrl?: string;
  readonly production?: boolean;
}) =>
  openDatabaseFromUrls({
    production: false,
    migrate: true,
    log: (line) => lines.push(line),
    ...facts,
  });

const warning = () => lines.find((line) => line.includes("create role")) ?? "";

const eventRows = (store: Store, tenant: string) =>
  store.withClient(tenant, async (client) => {
    const { rows } = await client.query<{ tenant_id: string }>(
      "select tenant_id from events",
    );
    return rows.map((row) => row.tenant_id);
  });

describe("the owner of a database, in development and alone", () => {
  it("serves itself when it may make no roles, and says how to have two", async () => {
    const first = await open({ databaseUrl: shopUrl });
    expect(new URL(first.appUrl).username).toBe("shop");
    expect(first.ownerUrl).toBe(shopUrl);
    expect(warning()).toMatch(/^serving as shop, the owner/);
    lines = [];
    await open({ databaseUrl: shopUrl });
    expect(lines).toEqual([warning()]);
  });

  it("keeps tenants apart while it serves", async () => {
    const { appUrl } = await open({ databaseUrl: shopUrl });
    await onStore(appUrl, async (store) => {
      const one = await newTenant(store);
      const other = await newTenant(store);
      await one.propose();
      expect((await one.live())?.version).toBe(1);
      await store.inTenant(one.id, (tx) =>
        appendEvents(tx, "default", batchOf({ eventId: "e1" })),
      );
      expect(await eventRows(store, one.id)).toEqual([one.id]);
      expect(await eventRows(store, other.id)).toEqual([]);
      expect(await eventRows(store, "")).toEqual([]);
      expect(await other.live()).toBeNull();
      const smuggled =
        "insert into catalogues (tenant_id, namespace) values ($1, 'x')";
      expect(await other.attempt(smuggled, [one.id])).toBe("42501");
      expect(await other.attempt("delete from events")).toBe(0);
    });
    expect(await query(shopUrl, "select 1 from events")).toHaveLength(1);
  });

  it("gives way to two logins once its own line is followed", async () => {
    const { appUrl } = await open({ databaseUrl: shopUrl });
    const tenant = await onStore(appUrl, async (store) => {
      const made = await newTenant(store);
      await made.propose();
      return made.id;
    });
    const { sql, databaseUrl } = instructions(warning());
    await query(superUrl, sql);
    const early = await failureOf(open({ databaseUrl, production: true }));
    expect(early.message).toContain("run `recsys migrate up`");
    const strict = await open({
      databaseUrl,
      migrateUrl: shopUrl,
      production: true,
    });
    expect(strict.appUrl).toBe(databaseUrl);
    await onStore(strict.appUrl, async (store) => {
      const rows = await store.withClient(tenant, async (client) => {
        await client.query("select * from rec_decisions");
        const found = await client.query<object>(
          "select version from pointers",
        );
        return found.rows;
      });
      expect(rows).toEqual([{ version: 1 }]);
      const made = await newTenant(store);
      await made.propose();
      expect(await made.attempt("update pointers set version = 7")).toBe(
        "42501",
      );
      expect(await made.attempt("create table mine (a int)")).toBe("42501");
    });
    expect(
      await query(
        superUrl,
        `select c.relname from pg_class c, aclexplode(c.relacl) a
          where a.grantee = 'pg_database_owner'::regrole`,
      ),
    ).toEqual([]);
  });

  it("has the same rights for the application then as a strict set-up from the start", async () => {
    const rights = async (url: string) =>
      query(
        url,
        `select c.relname as on_what, a.privilege_type as may, '' as column
           from pg_class c, aclexplode(c.relacl) a
          where a.grantee = 'recsys_app'::regrole
         union all select p.proname, a.privilege_type, ''
           from pg_proc p, aclexplode(p.proacl) a
          where a.grantee = 'recsys_app'::regrole
         union all select n.nspname, a.privilege_type, ''
           from pg_namespace n, aclexplode(n.nspacl) a
          where a.grantee = 'recsys_app'::regrole
         union all select t.attrelid::regclass::text, a.privilege_type, t.attname
           from pg_attribute t, aclexplode(t.attacl) a
          where a.grantee = 'recsys_app'::regrole
         order by 1, 2, 3`,
      );
    await open({ databaseUrl: shopUrl });
    const { sql, databaseUrl } = instructions(warning());
    await query(superUrl, sql);
    await open({ databaseUrl, migrateUrl: shopUrl });
    const strict = await server.newDatabase();
    await open({ databaseUrl: strict });
    const expected = await rights(strict);
    expect(expected.length).toBeGreaterThan(50);
    expect(await rights(superUrl)).toEqual(expected);
  });

  it("serves itself when another administrator made recsys_app", async () => {
    await query(superUrl, "create role recsys_app; create role recsys_owner");
    await query(superUrl, "alter role shop createrole");
    const { appUrl } = await open({ databaseUrl: shopUrl });
    expect(new URL(appUrl).username).toBe("shop");
    await onStore(appUrl, async (store) => {
      await (await newTenant(store)).propose();
    });
  });

  it("is what a login that owns nothing is told to become", async () => {
    const webUrl = await createLogin(superUrl, "web");
    const refusal = await failureOf(open({ databaseUrl: webUrl }));
    expect(refusal.code).toBe("NO_RIGHTS");
    await query(superUrl, instructions(refusal.message).sql);
    const { appUrl } = await open({ databaseUrl: webUrl });
    expect(new URL(appUrl).username).toBe("web");
  });

  it("makes a harmless login when it may make roles", async () => {
    await query(superUrl, "alter role shop createrole");
    const { appUrl } = await open({ databaseUrl: shopUrl });
    expect(new URL(appUrl).username).toMatch(/^recsys_app_[0-9a-f]{8}$/);
    await onStore(appUrl, async (store) => {
      const tenant = await newTenant(store);
      await tenant.propose();
      expect(await tenant.attempt("delete from pointers")).toBe("42501");
    });
    expect((await open({ databaseUrl: shopUrl })).appUrl).toBe(appUrl);
  });
});

describe("production", () => {
  it("refuses the owner with all that there is to run and to set", async () => {
    const refusal = await failureOf(
      open({ databaseUrl: shopUrl, production: true }),
    );
    expect(refusal.code).toBe("UNSAFE_LOGIN");
    const { sql, databaseUrl } = instructions(refusal.message);
    await query(superUrl, sql);
    const { appUrl } = await open({
      databaseUrl,
      migrateUrl: shopUrl,
      production: true,
    });
    await onStore(appUrl, async (store) => {
      await (await newTenant(store)).propose();
    });
  });

  it("says all that there is to run when the owner may not make roles", async () => {
    const webUrl = await createLogin(superUrl, "web");
    const urls = {
      databaseUrl: webUrl,
      migrateUrl: shopUrl,
      production: true,
    };
    const refusal = await failureOf(open(urls));
    expect(refusal.code).toBe("NO_RIGHTS");
    await query(superUrl, instructions(refusal.message).sql);
    const { appUrl } = await open(urls);
    await onStore(appUrl, async (store) => {
      await (await newTenant(store)).propose();
    });
  });
});

describe("two logins as docs/getting-started.md makes them", () => {
  it("serve in production", async () => {
    const page = readFileSync(
      new URL("../../../docs/getting-started.md", import.meta.url),
      "utf8",
    );
    const [, sql = ""] = /```sql\n(.*?)```/s.exec(page) ?? [];
    for (const statement of sql.trim().split(";\n")) {
      await query(superUrl, statement.replaceAll("…", "secret"));
    }
    const at = new URL(superUrl);
    at.pathname = "/shop";
    const { appUrl } = await open({
      databaseUrl: loginAs(at.href, "shop_app"),
      migrateUrl: loginAs(at.href, "shop_owner"),
      production: true,
    });
    await onStore(appUrl, async (store) => {
      await (await newTenant(store)).propose();
    });
  });
});

describe("a plain login that is no member of recsys_app", () => {
  it("is told what makes it one", async () => {
    await open({ databaseUrl: superUrl });
    const webUrl = await createLogin(superUrl, "web");
    const refusal = await failureOf(open({ databaseUrl: webUrl }));
    expect(refusal.code).toBe("NO_RIGHTS");
    await query(superUrl, instructions(refusal.message).sql);
    const { appUrl } = await open({ databaseUrl: webUrl, production: true });
    await onStore(appUrl, async (store) => {
      await (await newTenant(store)).propose();
    });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bindAuto, requireApprovals } from "./support/approval-policy.ts";
import { openTestStore, type TestStore } from "./support/open-test-store.ts";
import type { TestTenant } from "./support/test-tenant.ts";

let test: TestStore;
let tenant: TestTenant;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  tenant = await test.newTenant();
});

const PERMISSION_DENIED = "42501";

describe("an attacker with the application's login", () => {
  it("cannot insert a change in state approved with clauses of its own", async () => {
    await tenant.propose();
    const state = await tenant.live();
    expect(
      await tenant.attempt(
        `insert into changes (tenant_id, namespace, pointer, policy, base_version, content_hash,
           author, author_kind, reason, state)
         values ($1, 'default', 'rules', 'auto', 1, $2, 'eve', 'human', 'x', 'approved')`,
        [tenant.id, state?.hash],
      ),
    ).toBe(PERMISSION_DENIED);
    expect(
      await tenant.attempt(
        "insert into change_clauses values ($1, $2, 1, '{eve}', 1, false)",
        [tenant.id, state?.changeId],
      ),
    ).toBe(PERMISSION_DENIED);
  });

  it("does not pass with a forged change that is in the table already", async () => {
    await tenant.propose();
    const state = await tenant.live();
    await requireApprovals(test.owner, 1);
    try {
      await test.owner.query("begin");
      await test.owner.query("select set_config('recsys.tenant', $1, true)", [
        tenant.id,
      ]);
      const { rows } = await test.owner.query<{ change_id: string }>(
        `insert into changes (tenant_id, namespace, pointer, policy, base_version, content_hash,
           author, author_kind, reason, state)
         values ($1, 'default', 'rules', 'auto', 1, $2, 'eve', 'human', 'x', 'approved')
         returning change_id`,
        [tenant.id, state?.hash],
      );
      await test.owner.query("commit");
      expect(
        await tenant.attempt("select recsys.apply_change($1)", [
          rows[0]?.change_id,
        ]),
      ).toBe("RC403");
    } finally {
      await bindAuto(test.owner);
    }
  });

  it.each([
    "update pointers set version = 7",
    "insert into pointers values ($1, 'default', 'config', 1, 'x', gen_random_uuid(), now())",
    "delete from pointers",
    "update changes set state = 'approved'",
    "update versions set content_hash = 'x'",
    "delete from versions",
    "update documents set body = '{}'",
    "update verdicts set verdict = 'approve'",
    "insert into policies values ('mine', 'x')",
    "update policy_bindings set policy = 'auto'",
    "delete from policy_clauses",
    "insert into principals values ($1, 'eve', 'human', '{admin}', true)",
    "update audit_log set actor = 'bob'",
    "delete from audit_log",
    "insert into audit_heads values ($1, 0, '')",
    "update revisions set n = 0",
    "update recsys_migrations set checksum = 'x'",
    "create table mine (a int)",
    "alter table pointers disable row level security",
    "create or replace function recsys.now() returns timestamptz language sql as $$ select now() $$",
    "select recsys.delete_person($1, 'default', gen_random_uuid())",
    "set role recsys_owner",
  ])("is refused: %s", async (text) => {
    await tenant.propose();
    const values = text.includes("$1") ? [tenant.id] : [];
    expect(await tenant.attempt(text, values)).toBe(PERMISSION_DENIED);
  });

  it("sees nothing of another tenant, and nothing at all without one", async () => {
    await tenant.propose();
    const other = await test.newTenant();
    const rows = await test.store.withClient(other.id, async (client) => {
      const { rows: found } = await client.query<{ n: number }>(
        "select count(*) as n from pointers where tenant_id = $1",
        [tenant.id],
      );
      return found;
    });
    expect(rows).toEqual([{ n: 0 }]);
    const { n } = await test.store.tenantless((db) =>
      db
        .selectFrom("pointers")
        .select((e) => e.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow(),
    );
    expect(n).toBe(0);
  });

  it("cannot write rows for another tenant", async () => {
    const other = await test.newTenant();
    expect(
      await tenant.attempt("insert into documents values ($1, $2, '{}')", [
        other.id,
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      ]),
    ).toBe(PERMISSION_DENIED);
  });

  it("cannot store a content under another content's hash", async () => {
    expect(
      await tenant.attempt("insert into documents values ($1, $2, '{}')", [
        tenant.id,
        "0".repeat(64),
      ]),
    ).toBe("23514");
  });
});

describe("row-level security", () => {
  it("is on and forced for every table with a tenant but the listed ones", async () => {
    const { rows } = await test.owner.query<{ relname: string }>(`
      select c.relname from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition
          and not (c.relrowsecurity and c.relforcerowsecurity)
        order by 1`);
    expect(rows.map((row) => row.relname)).toEqual([
      "api_keys",
      "obligations_due",
      "revisions",
      "tenants",
    ]);
  });

  it("gives the application's login no way round it", async () => {
    const { rows } = await test.owner.query(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
              (select count(*) from pg_class where relowner = r.oid)::int as owns
         from pg_roles r where rolname = 'recsys_app'`,
    );
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owns: 0,
      },
    ]);
  });
});

describe("a namespace", () => {
  const CHECK_VIOLATION = "23514";

  it.each(["", "A", "a b", "../x", "-a", "_tenant", "a".repeat(65), "ä"])(
    "named %j is refused by the database",
    async (name) => {
      expect(
        await tenant.attempt(
          "insert into catalogues (tenant_id, namespace) values ($1, $2)",
          [tenant.id, name],
        ),
      ).toBe(CHECK_VIOLATION);
    },
  );

  it("is a slug in every table, or the tenant's layer where there is one", async () => {
    const { rows } = await test.owner.query<{ table: string }>(
      `select c.relname as table
         from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and a.attname = 'namespace'
          and not exists (select from pg_constraint k
                           where k.conrelid = c.oid and k.conname = 'namespace_is_a_slug')`,
    );
    expect(rows).toEqual([]);
    await tenant.propose({ namespace: "_tenant", pointer: "config" });
    await expect(tenant.propose({ namespace: "A b" })).rejects.toMatchObject({
      code: CHECK_VIOLATION,
    });
  });
});

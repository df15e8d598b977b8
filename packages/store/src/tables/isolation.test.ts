import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newDecision, requestIdAt } from "../../test/support/new-decision.ts";
import { batchOf, sessionIdentity } from "../../test/support/new-events.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import { recordAccess } from "./access-log.ts";
import { requestReport } from "./audit-reports.ts";
import { shipDecisions } from "./decisions.ts";
import { countDeprecatedUses } from "./deprecated-uses.ts";
import { appendEvents } from "./events.ts";
import { appendExposures } from "./exposures.ts";
import { claimAnswer } from "./idempotency.ts";
import { upsertItems } from "./items.ts";
import { recordJob } from "./job-freshness.ts";
import { reportItem } from "./moderation.ts";
import { acquirePipelineLock } from "./pipeline-locks.ts";
import { startRun } from "./runs.ts";
import { appendUploadErrors, createUpload } from "./uploads.ts";
import { upsertUsers } from "./users.ts";

/** Tenantless by ruling: what a process must know before it knows the tenant. They hold no customer data. */
const TENANTLESS = ["api_keys", "obligations_due", "revisions", "tenants"];

const TABLES = [
  "access_log",
  "audit_reports",
  "canary_counts",
  "catalogues",
  "decisions",
  "deprecated_uses",
  "event_receipts",
  "events",
  "exposures",
  "idempotency_answers",
  "item_changes",
  "items",
  "job_freshness",
  "moderation_steps",
  "moderation_tasks",
  "outcomes",
  "people",
  "pipeline_locks",
  "runs",
  "upload_errors",
  "uploads",
  "users",
];

/** Puts a row into every one of TABLES. */
async function fillTables(test: TestStore): Promise<void> {
  const requestId = requestIdAt(Date.now());
  await test.inAcme(async (tx) => {
    await appendEvents(
      tx,
      "default",
      batchOf(
        { requestId, eventId: "e", ts: null, session: sessionIdentity("s") },
        { canary: true },
      ),
    );
    await appendExposures(tx, "default", [
      { row: 0, requestId, itemIds: ["a"], subject: null },
    ]);
    await shipDecisions(tx, "default", [
      newDecision({ request_id: requestId }),
    ]);
    await countDeprecatedUses(tx, "default", [
      { what: "field", caller: "key:shop", uses: 1 },
    ]);
    await requestReport(tx, "default", {
      userKey: requestId,
      from: 0,
      to: 1,
      purpose: "a complaint",
      requestedBy: "ada",
    });
    await reportItem(tx, "default", {
      itemId: "a",
      label: "violence",
      actor: "ada",
      note: null,
      decisionId: requestId,
    });
    await recordAccess(tx, "default", {
      actor: "ada",
      actorKind: "human",
      kind: "events",
      shown: "personal",
      purpose: null,
    });
    await upsertItems(tx, "default", [{ row: 0, input: { item_id: "a" } }]);
    await upsertUsers(tx, "default", [
      { row: 0, pseudonym: "pu-u1", input: { user_id: "u1" } },
    ]);
    const upload = { kind: "items", format: "csv", bytes: 1 } as const;
    const { uploadId } = await createUpload(tx, "default", {
      ...upload,
      createdBy: "dev",
    });
    await appendUploadErrors(tx, uploadId, [
      { row: 1, path: "", code: "type", message: "no object" },
    ]);
    const runId = await startRun(tx, "default", {
      pipeline: "learn",
      owner: "o",
      trigger: "cli",
      asOf: 0,
      codeVersion: "1",
      parameters: {},
    });
    const job = { job: "als", runId, asOf: 0, startedAt: 0, error: null };
    await recordJob(tx, "default", job);
    const lock = { name: "learn", holder: "p", leaseSeconds: 1 };
    await acquirePipelineLock(tx, "default", lock);
    const request = { route: "r", key: "k", bodyHash: "h" };
    await claimAnswer(tx, request, "p");
  });
}

describe("isolation of tenants in the database", () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore();
    await fillTables(test);
  });
  afterAll(() => test.close());

  const counts = (tenant: string) =>
    test.store.inTenant(tenant, async (tx) => {
      const found: (readonly [string, number])[] = [];
      for (const table of TABLES) {
        const { rows } = await sql<{ rows: number }>`
          select count(*) as rows from ${sql.table(table)}`.execute(tx.db);
        found.push([table, Math.min(rows[0]?.rows ?? -1, 1)]);
      }
      return found;
    });

  it("shows a tenant its rows of every table, and another tenant none", async () => {
    expect(await counts("acme")).toEqual(TABLES.map((table) => [table, 1]));
    expect(await counts("bolt")).toEqual(TABLES.map((table) => [table, 0]));
  });

  it("shows nothing while no tenant is set", async () => {
    expect(await counts("")).toEqual(TABLES.map((table) => [table, 0]));
    const unset = await test.store.tenantless(async (db) => {
      const { rows } = await sql<{
        rows: number;
      }>`select count(*) as rows from events`.execute(db);
      return rows[0]?.rows;
    });
    expect(unset).toBe(0);
  });

  it("refuses rows of another tenant", async () => {
    await expect(
      test.store.inTenant("bolt", (tx) =>
        sql`insert into catalogues (tenant_id, namespace) values ('acme', 'x')`.execute(
          tx.db,
        ),
      ),
    ).rejects.toThrow("row-level security");
  });

  it("forces row-level security on every table with a tenant_id, partitions included", async () => {
    const rows = await test.asOwner<{ name: string }>(
      `select c.relname as name
         from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relkind in ('r', 'p')
          and not (c.relrowsecurity and c.relforcerowsecurity)
        order by c.relname`,
    );
    expect(rows.map((row) => row.name)).toEqual(TENANTLESS);
    const partitions = await test.asOwner(
      "select 1 from pg_class where relispartition and relrowsecurity",
    );
    expect(partitions.length).toBeGreaterThan(10);
  });

  it("gives the application no rights on partitions and none to change the schema", async () => {
    const rights = await test.asOwner(
      `select c.relname
         from pg_class c
        where c.relispartition and c.relkind = 'r'
          and has_table_privilege('recsys_app', c.oid, 'select, insert, update, delete, truncate')`,
    );
    expect(rights).toEqual([]);
    for (const statement of [
      "drop table events",
      "truncate events",
      "create table public.mine (id int)",
      "alter table events disable row level security",
      "delete from item_changes",
      "update item_changes set item = null",
      "delete from decisions",
      "update decisions set record = '{}'",
      "update events set item_id = 'x'",
      "select recsys.protect('events')",
    ]) {
      const tried = test.inAcme((tx) => sql.raw(statement).execute(tx.db));
      await expect(tried, statement).rejects.toThrow(
        /permission denied|must be owner/,
      );
    }
  });
});

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type TestDatabase,
  emptyDatabase,
  testDatabase,
} from "../../../../tests/support/database.ts";
import {
  openTestStore,
  type TestStore,
} from "../../test/support/open-test-store.ts";
import type { TestTenant } from "../../test/support/test-tenant.ts";
import { type Store, openStore } from "../database/store.ts";
import { migrate } from "../migrate/migrate.ts";
import { fsObjects } from "../objects/fs-objects.ts";
import { postgresObjects } from "../objects/postgres-objects.ts";
import { verifyAudit } from "../tables/audit.ts";
import { pointer } from "../tables/changes.ts";
import { erasePeople } from "../tables/erasures.ts";
import { currentRevision } from "../tables/revisions.ts";
import { backup } from "./backup.ts";
import { restore } from "./restore.ts";

const log = () => undefined;
const ALICE = "00000000-0000-4000-8000-000000000001";
const BOB = "00000000-0000-4000-8000-000000000002";

let test: TestStore;
let tenant: TestTenant;
let target: TestDatabase;
let restored: Store;
let directory: string;

beforeEach(async () => {
  test = await openTestStore();
  tenant = await test.newTenant();
  target = await testDatabase();
  restored = openStore({ appUrl: target.appUrl });
  directory = join(mkdtempSync(join(tmpdir(), "recsys-backup-")), "b");
});

afterEach(async () => {
  await test.close();
  await restored.close();
  await target.drop();
  rmSync(join(directory, ".."), { recursive: true });
});

function addPerson(userKey: string) {
  return tenant.attempt(
    `insert into people (tenant_id, namespace, pseudonym, user_key, kind, bucket_key, bucket_since)
       values (recsys.tenant(), 'default', $1::text, $1::uuid, 'user', $1::text, recsys.now())`,
    [userKey],
  );
}

/** Keys of the people in the restored database. */
async function people(): Promise<string[]> {
  const { rows } = await restored.withClient(tenant.id, (client) =>
    client.query<{ user_key: string }>(
      "select user_key from people order by user_key",
    ),
  );
  return rows.map((row) => row.user_key);
}

const take = () => backup({ ownerUrl: test.ownerUrl, directory, log });
const put = (erasureLists: readonly string[] = []) =>
  restore({ ownerUrl: target.ownerUrl, directory, erasureLists, log });

describe("a backup that was restored", () => {
  it("has the tenant with its secret, pointers and an unbroken audit chain", async () => {
    await tenant.propose({ content: { rules: ["kept"] } });
    await take();
    await put();
    const live = await restored.inTenant(tenant.id, (tx) =>
      pointer(tx, "default", "rules"),
    );
    expect(live).toEqual(await tenant.live());
    expect(await verifyAudit(restored, tenant.id)).toEqual({
      ok: true,
      checked: 1,
    });
  });

  it("has a new incarnation at the same count", async () => {
    await tenant.propose();
    const before = await test.store.tenantless((db) =>
      currentRevision(db, tenant.id),
    );
    await take();
    await put();
    const after = await restored.tenantless((db) =>
      currentRevision(db, tenant.id),
    );
    expect(after?.n).toBe(1);
    expect(after?.incarnation).not.toBe(before?.incarnation);
  });

  it("goes on: the next change applies, and row-level security is forced again", async () => {
    await tenant.propose();
    await take();
    await put();
    const client = new pg.Client({ connectionString: target.ownerUrl });
    await client.connect();
    const { rows } = await client.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace
         and relrowsecurity and not relforcerowsecurity`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });

  it("has the rows of partitioned tables, and their sequences go on", async () => {
    await tenant.attempt(
      "select recsys.ensure_partition('exposures', recsys.now())",
    );
    const sent = await tenant.attempt(
      `insert into exposures (tenant_id, namespace, request_id, item_id, ts, received_at)
         values (recsys.tenant(), 'default', gen_random_uuid(), 'seen', recsys.now(), recsys.now())`,
    );
    expect(sent).toBe(1);
    const manifest = await take();
    await put();
    expect(manifest.sequences).toContainEqual({
      name: "feedback_seq",
      next: "2",
    });
    const { rows } = await restored.withClient(tenant.id, (client) =>
      client.query(
        "select item_id, nextval('feedback_seq') as next from exposures",
      ),
    );
    expect(rows).toEqual([{ item_id: "seen", next: 2 }]);
  });

  it("has the objects of the database and of the file system", async () => {
    const files = fsObjects(join(directory, "..", "live"));
    const kept = await files.put(Buffer.from("in a file"));
    const row = await postgresObjects(test.store, tenant.id).put(
      Buffer.from("in a row"),
    );
    const objects = new Map([["artifacts", files]]);
    await backup({ ownerUrl: test.ownerUrl, directory, objects, log });
    const elsewhere = fsObjects(join(directory, "..", "restored"));
    await restore({
      ownerUrl: target.ownerUrl,
      directory,
      objects: new Map([["artifacts", elsewhere]]),
      log,
    });
    expect(await elsewhere.has(kept)).toBe(true);
    const inRows = postgresObjects(restored, tenant.id);
    expect(Buffer.from(await inRows.get(row)).toString()).toBe("in a row");
  });

  it("is one moment: what is written during the backup is not half in it", async () => {
    await tenant.propose();
    await Promise.all([
      take(),
      ...Array.from({ length: 5 }, (_, i) =>
        tenant.propose({ namespace: `n${i}` }),
      ),
    ]);
    await put();
    expect((await verifyAudit(restored, tenant.id)).ok).toBe(true);
  });
});

describe("people who were erased", () => {
  it("before the backup are not in it", async () => {
    await addPerson(ALICE);
    await addPerson(BOB);
    const gone = await test.store.inTenant(tenant.id, (tx) =>
      erasePeople(tx, "default", [ALICE]),
    );
    expect(gone).toEqual({ people: 1, rows: 1 });
    await take();
    await put();
    expect(await people()).toEqual([BOB]);
  });

  it("after the backup are forgotten again by a newer list", async () => {
    await addPerson(ALICE);
    await addPerson(BOB);
    await take();
    const list = join(directory, "..", "newer.ndjson");
    writeFileSync(
      list,
      `${JSON.stringify({ tenant_id: tenant.id, namespace: "default", user_key: ALICE })}\n`,
    );
    await put([list]);
    expect(await people()).toEqual([BOB]);
    const { rows } = await restored.withClient(tenant.id, (client) =>
      client.query("select pseudonym from erased_pseudonyms"),
    );
    expect(rows).toEqual([{ pseudonym: ALICE }]);
  });
});

describe("a restore", () => {
  it("refuses a database with tenants", async () => {
    await take();
    await expect(
      restore({ ownerUrl: test.ownerUrl, directory, log }),
    ).rejects.toMatchObject({ code: "NOT_EMPTY" });
  });

  it("refuses a database of another schema", async () => {
    await take();
    const older = await emptyDatabase();
    await migrate(older.ownerUrl, { log, upTo: 5 });
    await expect(
      restore({ ownerUrl: older.ownerUrl, directory, log }),
    ).rejects.toMatchObject({ code: "OTHER_SCHEMA" });
    await older.drop();
  });

  it("refuses a backup with a damaged file, and changes nothing", async () => {
    const manifest = await take();
    const [table] = manifest.tables;
    writeFileSync(join(directory, table?.file ?? ""), "x");
    await expect(put()).rejects.toMatchObject({ code: "DAMAGED" });
  });

  it("refuses a directory that is no complete backup", async () => {
    expect(existsSync(directory)).toBe(false);
    await expect(put()).rejects.toMatchObject({ code: "NOT_A_BACKUP" });
  });
});

import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type TestDatabase,
  emptyDatabase,
} from "../../../../tests/support/database.ts";
import { checkMigrations, migrate, migrationStatus } from "./migrate.ts";

const OWN = fileURLToPath(new URL("../../migrations", import.meta.url));
const quiet = { log: () => undefined };

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await emptyDatabase();
  directory = mkdtempSync(join(tmpdir(), "recsys-migrations-"));
  cpSync(OWN, directory, { recursive: true });
});

afterEach(async () => {
  await database.drop();
  rmSync(directory, { recursive: true });
});

function add(name: string, sql: string): void {
  writeFileSync(join(directory, `${name}.sql`), sql);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

describe("migrate", () => {
  it("applies every file once", async () => {
    const first = await migrate(database.ownerUrl, quiet);
    expect(first).toBeGreaterThan(0);
    expect(await migrate(database.ownerUrl, quiet)).toBe(0);
    await checkMigrations(database.appUrl);
  });

  it("lets the app's login see what is missing", async () => {
    await migrate(database.ownerUrl, { ...quiet, directory });
    add("9000_next", "select 1");
    const found = await migrationStatus(database.appUrl, directory);
    expect(found.at(-1)).toMatchObject({ name: "9000_next", state: "pending" });
    await expect(
      checkMigrations(database.appUrl, directory),
    ).rejects.toMatchObject({ code: "NOT_MIGRATED" });
  });

  it("refuses a file that changed after it was applied", async () => {
    add("9000_next", "create table x (a int)");
    await migrate(database.ownerUrl, { ...quiet, directory });
    add("9000_next", "create table x (a bigint)");
    await expect(
      migrate(database.ownerUrl, { ...quiet, directory }),
    ).rejects.toMatchObject({ code: "CHANGED_FILE" });
  });

  it("refuses a new file with a number below the last one", async () => {
    add("9000_next", "select 1");
    await migrate(database.ownerUrl, { ...quiet, directory });
    add("8999_late", "select 1");
    await expect(
      migrate(database.ownerUrl, { ...quiet, directory }),
    ).rejects.toMatchObject({ code: "OUT_OF_ORDER" });
  });

  it("leaves nothing of a file that fails half way", async () => {
    add("9000_next", "create table half (a int); select 1 / 0;");
    await expect(
      migrate(database.ownerUrl, { ...quiet, directory }),
    ).rejects.toMatchObject({ code: "FAILED_FILE" });
    expect(await query("select to_regclass('half') as half")).toEqual([
      { half: null },
    ]);
  });

  it("is done once by two processes that start at the same time", async () => {
    const counts = await Promise.all([
      migrate(database.ownerUrl, quiet),
      migrate(database.ownerUrl, quiet),
    ]);
    expect(Math.min(...counts)).toBe(0);
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });

  it("lets an older release run on a newer schema", async () => {
    add("9000_next", "create table newer (a int)");
    await migrate(database.ownerUrl, { ...quiet, directory });
    await checkMigrations(database.appUrl);
  });
});

import { messageOf } from "@recsys/contracts";
import pg from "pg";
import { APP_ROLE, becomeOwner, granteeOf } from "../database/roles.ts";
import { MigrationError } from "./migration-error.ts";
import { type MigrationFile, readMigrations } from "./migration-files.ts";

export interface MigrateOptions {
  readonly log: (line: string) => void;
  /** Where the files are; this package's own unless said. */
  readonly directory?: string;
  /** Last number to apply; for tests of upgrades and for restores. */
  readonly upTo?: number;
}

/** One migration as the database and the files know it. */
export interface MigrationState {
  readonly number: number;
  readonly name: string;
  readonly appliedAt: Date | null;
  /** `changed`: the file differs from what was applied. `unknown`: applied by a newer release. */
  readonly state: "applied" | "pending" | "changed" | "unknown";
}

interface AppliedRow {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly applied_at: Date;
}

/** One number for all processes that migrate; any constant does, this one spells "recsys". */
const MIGRATION_LOCK = 0x7265_6373;

/**
 * Applies the pending migrations, each in its own transaction, under one lock.
 * Returns how many were applied. Throws MigrationError when a file that was
 * applied has changed, and when a file fails (it then left nothing behind).
 */
export async function migrate(
  ownerUrl: string,
  options: MigrateOptions,
): Promise<number> {
  const files = readMigrations(options.directory).filter(
    (file) => file.number <= (options.upTo ?? Infinity),
  );
  return withClient(ownerUrl, async (client) => {
    await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await becomeOwner(client);
    const grantee = await granteeOf(client);
    await createLedger(client, grantee);
    const applied = await readLedger(client);
    refuseChanged(states(files, applied));
    const newest = Math.max(0, ...applied.map((row) => row.number));
    const pending = files.filter((file) => isPending(file, applied));
    for (const file of pending) {
      requireOrder(file, newest);
      await apply(client, { ...file, sql: grantingTo(grantee, file.sql) });
      options.log(`migrated ${file.name}`);
    }
    return pending.length;
  });
}

/** What is applied, pending, changed or unknown; works for the app's login, too. */
export async function migrationStatus(
  url: string,
  directory?: string,
): Promise<readonly MigrationState[]> {
  const files = readMigrations(directory);
  return withClient(url, async (client) =>
    states(files, await readLedger(client)),
  );
}

/**
 * Throws MigrationError unless all migrations of this release are applied
 * unchanged. Migrations of newer releases are fine: the old release runs on
 * the new schema.
 */
export async function checkMigrations(
  url: string,
  directory?: string,
): Promise<void> {
  const found = await migrationStatus(url, directory);
  refuseChanged(found);
  const pending = found.filter((migration) => migration.state === "pending");
  if (pending.length > 0) {
    throw new MigrationError(
      "NOT_MIGRATED",
      `The database lacks ${pending.length} migrations (${pending[0]?.name ?? ""} is the first): run \`recsys migrate up\`.`,
    );
  }
}

function states(
  files: readonly MigrationFile[],
  applied: readonly AppliedRow[],
): MigrationState[] {
  const known = files.map(({ number, name, checksum }): MigrationState => {
    const row = applied.find((candidate) => candidate.number === number);
    if (row === undefined)
      return { number, name, appliedAt: null, state: "pending" };
    const state = row.checksum === checksum ? "applied" : "changed";
    return { number, name, appliedAt: row.applied_at, state };
  });
  const unknown = applied
    .filter((row) => files.every((file) => file.number !== row.number))
    .map(({ number, name, applied_at: appliedAt }): MigrationState => {
      return { number, name, appliedAt, state: "unknown" };
    });
  return [...known, ...unknown];
}

function isPending(file: MigrationFile, applied: readonly AppliedRow[]) {
  return applied.every((row) => row.number !== file.number);
}

function refuseChanged(migrations: readonly MigrationState[]): void {
  const changed = migrations.filter((m) => m.state === "changed");
  if (changed.length === 0) return;
  throw new MigrationError(
    "CHANGED_FILE",
    `${changed.map((m) => m.name).join(", ")} changed after it was applied: bring the file back and write a new migration.`,
  );
}

function requireOrder(file: MigrationFile, newest: number): void {
  if (file.number > newest) return;
  throw new MigrationError(
    "OUT_OF_ORDER",
    `${file.name} is older than what was applied last (${newest}): give it the next free number.`,
  );
}

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  try {
    await client.query("begin");
    await client.query(file.sql);
    await client.query(
      "insert into recsys_migrations (number, name, checksum) values ($1, $2, $3)",
      [file.number, file.name, file.checksum],
    );
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    const why = messageOf(error);
    throw new MigrationError(
      "FAILED_FILE",
      `${file.name} failed and changed nothing: ${why}`,
      error,
    );
  }
}

/** The files name the group; where it does not exist their grants are for who stands in for it. */
function grantingTo(grantee: string, text: string): string {
  return text.replaceAll(new RegExp(`\\b${APP_ROLE}\\b`, "g"), grantee);
}

async function createLedger(client: pg.Client, grantee: string): Promise<void> {
  if (await hasLedger(client)) return;
  await client.query(`
    create table public.recsys_migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default clock_timestamp()
    )`);
  await client.query(`grant select on public.recsys_migrations to ${grantee}`);
}

async function readLedger(client: pg.Client): Promise<AppliedRow[]> {
  if (!(await hasLedger(client))) return [];
  const { rows } = await client.query<AppliedRow>(
    "select number, name, checksum, applied_at from public.recsys_migrations order by number",
  );
  return rows;
}

async function hasLedger(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('public.recsys_migrations') is not null as there",
  );
  return rows[0]?.there === true;
}

async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

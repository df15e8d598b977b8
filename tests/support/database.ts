import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";

export interface TestDatabase {
  /** Runtime role. */
  readonly appUrl: string;
  /** Owner of the schema. */
  readonly ownerUrl: string;
  /** The settings under which the product uses this database. */
  readonly environment: NodeJS.ProcessEnv;
  /** Moves recsys.now() of this database by so many milliseconds from the real time. */
  shiftClock(byMs: number): Promise<void>;
  drop(): Promise<void>;
}

/** A fresh, migrated database of the run's server, cloned in a fraction of a second. */
export async function testDatabase(): Promise<TestDatabase> {
  const { appUrl, ownerUrl } = inject("templateUrls");
  const template = new URL(ownerUrl).pathname.slice(1);
  return create({ appUrl, ownerUrl, from: `template ${template}` });
}

/** A fresh database without any schema, for tests of migrations and restores. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return create({ ...inject("templateUrls"), from: "template template1" });
}

async function create(source: {
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly from: string;
}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  const maintenanceUrl = named(source.ownerUrl, "postgres");
  await execute(maintenanceUrl, `create database ${name} ${source.from}`);
  const appUrl = named(source.appUrl, name);
  const ownerUrl = named(source.ownerUrl, name);
  return {
    appUrl,
    ownerUrl,
    environment: { DATABASE_URL: appUrl, DATABASE_MIGRATE_URL: ownerUrl },
    shiftClock: (byMs) =>
      execute(
        ownerUrl,
        `create or replace function recsys.now() returns timestamptz
           language sql volatile parallel safe
           as $$ select pg_catalog.clock_timestamp() + interval '${byMs} milliseconds' $$`,
      ),
    drop: () =>
      execute(maintenanceUrl, `drop database if exists ${name} with (force)`),
  };
}

function named(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

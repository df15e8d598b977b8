import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ContentHash } from "@recsys/contracts";
import type pg from "pg";
import { copyIn } from "../database/copy.ts";
import { fsObjects } from "../objects/fs-objects.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { BackupError } from "./backup-error.ts";
import {
  type BackupManifest,
  ERASURES_FILE,
  openBackup,
} from "./backup-manifest.ts";
import {
  type TableShape,
  asOwner,
  columnList,
  readSchemaVersion,
  readTables,
} from "./owner-session.ts";

export interface RestoreOptions {
  readonly ownerUrl: string;
  /** Directory that `backup` wrote. */
  readonly directory: string;
  /** Where the objects of each label go. */
  readonly objects?: ReadonlyMap<string, ObjectStore>;
  /** Newer lists of erased people (`erasures.ndjson` of a later backup), applied as well. */
  readonly erasureLists?: readonly string[];
  readonly log: (line: string) => void;
}

/**
 * Puts a backup into a database of the same schema that has no tenant yet: all
 * or nothing. Every tenant gets a new incarnation, so replicas load everything
 * anew, and people who were erased are erased again.
 */
export async function restore(options: RestoreOptions): Promise<void> {
  const manifest = await openBackup(options.directory);
  await copyObjects(options, manifest);
  await asOwner(options.ownerUrl, "begin", async (client) => {
    const tables = await requireFit(client, manifest);
    await openTables(client, tables);
    for (const { parent, moment } of manifest.partitions) {
      await client.query("select recsys.ensure_partition($1, $2)", [
        parent,
        moment,
      ]);
    }
    for (const table of manifest.tables) {
      await fillTable(client, table, options);
    }
    for (const { name, next } of manifest.sequences) {
      await client.query("select setval($1::regclass, $2, false)", [
        `public.${client.escapeIdentifier(name)}`,
        next,
      ]);
    }
    await client.query("set constraints all immediate");
    await client.query(
      "update public.revisions set incarnation = gen_random_uuid()",
    );
    await repeatErasures(client, options);
    await closeTables(client, tables);
  });
}

async function requireFit(
  client: pg.Client,
  manifest: BackupManifest,
): Promise<TableShape[]> {
  const found = await readSchemaVersion(client);
  if (JSON.stringify(found) !== JSON.stringify(manifest.migrations)) {
    throw new BackupError(
      "OTHER_SCHEMA",
      `The backup is of schema ${manifest.migrations.at(-1)?.name ?? "none"}, the database has ${found.at(-1)?.name ?? "none"}: restore with the release that made the backup, then migrate.`,
    );
  }
  const { rowCount } = await client.query(
    "select 1 from public.tenants limit 1",
  );
  if (rowCount !== 0) {
    throw new BackupError(
      "NOT_EMPTY",
      "The database has tenants already: restore into an empty one.",
    );
  }
  return readTables(client);
}

/** Empties the tables (migrations put rows into some) and lets the owner copy rows in as they are. */
async function openTables(
  client: pg.Client,
  tables: readonly TableShape[],
): Promise<void> {
  const names = tables.map((t) => `public.${client.escapeIdentifier(t.table)}`);
  await client.query(`truncate ${names.join(", ")}`);
  for (const name of names) {
    await client.query(`alter table ${name} no force row level security`);
    await client.query(`alter table ${name} disable trigger user`);
  }
}

async function closeTables(
  client: pg.Client,
  tables: readonly TableShape[],
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
         and relrowsecurity and not relforcerowsecurity`,
  );
  for (const { name } of rows) {
    await client.query(`alter table ${name} force row level security`);
  }
  for (const { table } of tables) {
    const name = `public.${client.escapeIdentifier(table)}`;
    await client.query(`alter table ${name} enable trigger user`);
  }
}

async function fillTable(
  client: pg.Client,
  table: BackupManifest["tables"][number],
  { directory, log }: RestoreOptions,
): Promise<void> {
  const name = client.escapeIdentifier(table.table);
  const unpacked = createGunzip();
  // An error of the file becomes one of what is read from it.
  pipeline(createReadStream(join(directory, table.file)), unpacked).catch(
    () => undefined,
  );
  const rows = await copyIn(
    client,
    `copy public.${name} (${columnList(client, { ...table, columns: [...table.columns] })}) from stdin`,
    unpacked,
  );
  if (rows !== table.rows) {
    throw new BackupError(
      "DAMAGED",
      `${table.file} has ${rows} rows instead of ${table.rows}: use another backup.`,
    );
  }
  log(`${table.table}: ${rows} rows`);
}

async function repeatErasures(
  client: pg.Client,
  { directory, erasureLists = [], log }: RestoreOptions,
): Promise<void> {
  for (const path of [join(directory, ERASURES_FILE), ...erasureLists]) {
    const lines = readFileSync(path, "utf8").split("\n").filter(Boolean);
    await client.query(
      `insert into public.erasures (tenant_id, namespace, user_key)
         select e.tenant_id, e.namespace, e.user_key
           from jsonb_to_recordset($1::jsonb) as e (tenant_id text, namespace text, user_key uuid)
           join public.tenants t on t.tenant_id = e.tenant_id
         on conflict do nothing`,
      [`[${lines.join(",")}]`],
    );
  }
  const { rows } = await client.query<{ gone: number }>(
    "select recsys.repeat_erasures() as gone",
  );
  log(`erased again: ${rows[0]?.gone ?? 0} rows`);
}

async function copyObjects(
  { directory, objects, log }: RestoreOptions,
  manifest: BackupManifest,
): Promise<void> {
  for (const [label, hashes] of Object.entries(manifest.objects)) {
    const target = objects?.get(label);
    if (target === undefined) {
      log(`${label}: ${hashes.length} objects are left in the backup`);
      continue;
    }
    const source = fsObjects(join(directory, "objects", label));
    for (const hash of hashes) {
      await target.put(await source.get(hash as ContentHash));
    }
    log(`${label}: ${hashes.length} objects`);
  }
}

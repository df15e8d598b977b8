import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type pg from "pg";
import { copyOut } from "../database/copy.ts";
import { fsObjects } from "../objects/fs-objects.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { BackupError } from "./backup-error.ts";
import {
  type BackupManifest,
  ERASURES_FILE,
  MANIFEST_FILE,
  type TableCopy,
} from "./backup-manifest.ts";
import {
  type TableShape,
  asOwner,
  columnList,
  readSchemaVersion,
  readTables,
} from "./owner-session.ts";

export interface BackupOptions {
  readonly ownerUrl: string;
  /** A directory that is empty or not there yet. */
  readonly directory: string;
  /** Object stores outside the database, by a label that the restore uses again. */
  readonly objects?: ReadonlyMap<string, ObjectStore>;
  readonly log: (line: string) => void;
}

/**
 * Copies every table as it was at one moment, and the objects, into a
 * directory with a manifest of hashes. The product may go on working.
 */
export async function backup(options: BackupOptions): Promise<BackupManifest> {
  const { directory } = options;
  await requireEmpty(directory);
  const fromDatabase = await asOwner(
    options.ownerUrl,
    "begin isolation level repeatable read read only",
    (client) => copyDatabase(client, options),
  );
  // After the snapshot: what its rows name is older than this and still there.
  const objects = await copyObjects(options);
  const manifest: BackupManifest = { format: 1, ...fromDatabase, objects };
  const draft = join(directory, `${MANIFEST_FILE}.draft`);
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`, {
    flush: true,
  });
  await rename(draft, join(directory, MANIFEST_FILE));
  return manifest;
}

async function requireEmpty(directory: string): Promise<void> {
  await mkdir(join(directory, "tables"), { recursive: true });
  const names = await readdir(directory);
  if (names.length === 1) return;
  throw new BackupError(
    "NOT_EMPTY",
    `The directory ${directory} is not empty: give one for this backup alone.`,
  );
}

async function copyDatabase(
  client: pg.Client,
  { directory, log }: BackupOptions,
): Promise<Omit<BackupManifest, "format" | "objects">> {
  const migrations = await readSchemaVersion(client);
  const tables: TableCopy[] = [];
  for (const table of await readTables(client)) {
    const copy = await copyTable(client, table, directory);
    tables.push(copy);
    log(`${copy.table}: ${copy.rows} rows`);
  }
  await writeErasures(client, directory);
  return {
    migrations,
    tables,
    partitions: await readPartitions(client),
    sequences: await readSequences(client),
  };
}

async function copyTable(
  client: pg.Client,
  table: TableShape,
  directory: string,
): Promise<TableCopy> {
  const file = join("tables", `${table.table}.copy.gz`);
  const digest = createHash("sha256");
  const name = client.escapeIdentifier(table.table);
  const copied = rowStream(
    client,
    `copy (select ${columnList(client, table)} from public.${name}) to stdout`,
  );
  const [rows] = await Promise.all([
    copied.rows,
    pipeline(
      copied.stream,
      createGzip({ level: 1 }),
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          digest.update(piece);
          yield piece;
        }
      },
      createWriteStream(join(directory, file), { flags: "wx", flush: true }),
    ),
  ]);
  return { ...table, rows, file, sha256: digest.digest("hex") };
}

/** The bytes of a COPY as a stream, and its number of rows; the database waits for whoever reads. */
function rowStream(client: pg.Client, text: string) {
  let goOn: () => void = () => undefined;
  const stream = new Readable({
    read: () => {
      goOn();
    },
    destroy: (error, done) => {
      goOn();
      done(error);
    },
  });
  let waiting: Promise<void> | null = null;
  const wait = () =>
    new Promise<void>((resolve) => {
      goOn = () => {
        waiting = null;
        goOn = () => undefined;
        resolve();
      };
    });
  const rows = copyOut(client, text, (piece) => {
    // A full disk ended the stream; the rest has to come off the wire all the same.
    if (stream.destroyed || stream.push(Buffer.from(piece))) return undefined;
    // One wait for all pieces that come before the connection pauses.
    waiting ??= wait();
    return waiting;
  });
  rows.then(
    () => stream.push(null),
    (error: unknown) => stream.destroy(error as Error),
  );
  return { stream, rows };
}

async function writeErasures(
  client: pg.Client,
  directory: string,
): Promise<void> {
  const { rows } = await client.query<Record<string, unknown>>(
    `select tenant_id, namespace, user_key from public.erasures
       order by tenant_id, namespace, user_key`,
  );
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`);
  await writeFile(join(directory, ERASURES_FILE), lines.join(""));
}

async function readPartitions(
  client: pg.Client,
): Promise<{ parent: string; moment: string }[]> {
  const { rows } = await client.query<{
    parent: string;
    child: string;
    moment: string;
  }>(`
    select p.relname as parent, c.relname as child,
           substring(pg_get_expr(c.relpartbound, c.oid) from $$FROM \\('([^']+)'\\)$$) as moment
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
      where p.relnamespace = 'public'::regnamespace
        and pg_get_expr(c.relpartbound, c.oid) like 'FOR VALUES FROM (%'
      order by p.oid, c.oid`);
  const filled = [];
  for (const { parent, child, moment } of rows) {
    const name = client.escapeIdentifier(child);
    const { rowCount } = await client.query(
      `select 1 from public.${name} limit 1`,
    );
    if (rowCount === 1) filled.push({ parent, moment });
  }
  return filled;
}

async function readSequences(
  client: pg.Client,
): Promise<{ name: string; next: string }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'S' order by oid`,
  );
  const sequences = [];
  for (const { name } of rows) {
    const { rows: values } = await client.query<{ next: string }>(
      `select (last_value + is_called::int)::text as next
         from public.${client.escapeIdentifier(name)}`,
    );
    sequences.push({ name, next: values[0]?.next ?? "1" });
  }
  return sequences;
}

async function copyObjects({
  directory,
  objects = new Map<string, ObjectStore>(),
  log,
}: BackupOptions): Promise<Record<string, string[]>> {
  const copied: Record<string, string[]> = {};
  for (const [label, store] of objects) {
    const target = fsObjects(join(directory, "objects", label));
    const hashes: string[] = [];
    for await (const { hash } of store.list()) {
      await target.put(await store.get(hash));
      hashes.push(hash);
    }
    copied[label] = hashes.sort();
    log(`${label}: ${hashes.length} objects`);
  }
  return copied;
}

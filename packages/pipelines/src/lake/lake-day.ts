import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import { sqlText, type DuckDb } from "../duckdb.ts";
import type { LakeTable } from "./lake-table.ts";

/** A batch of rows, one array per column of the table, in its order. */
export type RowBatch = readonly (readonly DuckDBValue[])[];

/** What the index knows of one day. */
export interface LakeDay {
  readonly rows: number;
  /** State of the source when the day was exported; another one means export again. */
  readonly fingerprint: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

export function dayFile(folder: string, table: LakeTable, day: string): string {
  return join(folder, table.name, `day=${day}`, "rows.parquet");
}

/** Writes one day as one Parquet file, sorted, in place of the old one by a rename: a reader sees the old file or the new one. */
export async function writeDay(
  duck: DuckDb,
  target: {
    readonly folder: string;
    readonly table: LakeTable;
    readonly day: string;
  },
  batches: AsyncIterable<RowBatch>,
): Promise<{ readonly rows: number; readonly sha256: string }> {
  const { folder, table, day } = target;
  const path = dayFile(folder, table, day);
  await mkdir(dirname(path), { recursive: true });
  const rows = await loadStage(duck, table, batches);
  const part = `${path}.${randomUUID()}.part`;
  try {
    await duck.run(
      `copy (select * from stage order by ${table.orderBy.join(", ")})
       to ${sqlText(part)} (format parquet, compression zstd)`,
    );
    const sha256 = createHash("sha256").update(await readFile(part));
    await rename(part, path);
    return { rows, sha256: sha256.digest("hex") };
  } finally {
    await rm(part, { force: true });
    await duck.run("drop table stage");
  }
}

async function loadStage(
  duck: DuckDb,
  table: LakeTable,
  batches: AsyncIterable<RowBatch>,
): Promise<number> {
  const columns = table.columns.map(
    ({ name, type }) => `${name} ${type.toString()}`,
  );
  await duck.run(`create or replace table stage (${columns.join(", ")})`);
  const writer = await duck.appender(
    "stage",
    table.columns.map(({ type }) => type),
  );
  let rows = 0;
  try {
    for await (const batch of batches) {
      writer.write(batch);
      rows += batch[0]?.length ?? 0;
    }
  } finally {
    writer.close();
  }
  return rows;
}

/** Makes written days survive a power cut; together, because one by one each waits for the disk. */
export async function syncDays(paths: readonly string[]): Promise<void> {
  await Promise.all(
    paths.map(async (path) => {
      const file = await open(path);
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }),
  );
}

/** Writes a file so that a reader sees the old text or the new one, never a part. */
export async function writeAtomically(
  path: string,
  text: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, "w");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

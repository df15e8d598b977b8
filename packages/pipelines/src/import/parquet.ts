import { DuckDBInstance, type JS } from "@duckdb/node-api";
import type { RecordBatches } from "./batches.ts";
import type { SourceRecord } from "./record.ts";

/** Rows of a Parquet file, streamed by DuckDB; `line` counts rows from 1. */
export function parquetRecords(path: string): {
  readonly columns: () => readonly string[];
  readonly batches: RecordBatches;
} {
  let columns: readonly string[] = [];
  async function* batches(): AsyncGenerator<readonly SourceRecord[]> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    try {
      const result = await connection.stream("select * from read_parquet($1)", [
        path,
      ]);
      columns = result.columnNames();
      let line = 0;
      for await (const rows of result.yieldRowObjectJs()) {
        yield rows.map((row) => toRecord(++line, row));
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }
  return { columns: () => columns, batches: batches() };
}

function toRecord(
  line: number,
  row: Readonly<Record<string, JS>>,
): SourceRecord {
  const values = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, plain(value)]),
  );
  return { line, raw: JSON.stringify(values), values };
}

/** The value as JSON would hold it: times as RFC 3339, 64-bit integers as numbers. */
function plain(value: JS | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

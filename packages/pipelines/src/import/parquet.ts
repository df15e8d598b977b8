import {
  DuckDBInstance,
  DuckDBTypeId,
  type DuckDBConnection,
  type JS,
} from "@duckdb/node-api";
import { longField, requireTable, type RecordBatches } from "./batches.ts";
import { MAX_FIELD_CHARACTERS } from "./limits.ts";
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
      const result = await connection.stream(
        `select ${await shortened(connection, path)} from read_parquet($1)`,
        [path],
      );
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

/** Texts come cut behind what a field may have, so that a chunk of rows is of bounded size. */
async function shortened(
  connection: DuckDBConnection,
  path: string,
): Promise<string> {
  const none = await connection.run("select * from read_parquet($1) limit 0", [
    path,
  ]);
  const names = none.columnNames();
  requireTable(names);
  const types = none.columnTypes();
  return names
    .map((name, at) => {
      const column = `"${name.replaceAll('"', '""')}"`;
      return types[at]?.typeId === DuckDBTypeId.VARCHAR
        ? `left(${column}, ${MAX_FIELD_CHARACTERS + 1}) as ${column}`
        : column;
    })
    .join(", ");
}

function toRecord(
  line: number,
  row: Readonly<Record<string, JS>>,
): SourceRecord {
  const values = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, plain(value)]),
  );
  const raw = JSON.stringify(values);
  const long = Object.entries(values).find(
    ([, value]) =>
      typeof value === "string" && value.length > MAX_FIELD_CHARACTERS,
  );
  return long === undefined
    ? { line, raw, values }
    : { line, raw, values: {}, problem: longField(long[0]) };
}

/** The value as JSON would hold it: times as RFC 3339, 64-bit integers as numbers. */
function plain(value: JS | undefined): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return value;
}

import {
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
} from "@duckdb/node-api";

/** How a column of a result arrives in memory. */
export type ColumnKind = "text" | "dictionary" | "int" | "double";
export type ColumnKinds = Readonly<Record<string, ColumnKind>>;

/** A text column stored once per distinct value; -1 stands for null. */
export interface DictionaryColumn {
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

interface ColumnArrays {
  readonly text: readonly (string | null)[];
  readonly dictionary: DictionaryColumn;
  /** null is -1. */
  readonly int: Int32Array;
  /** null is NaN. */
  readonly double: Float64Array;
}

export type Columns<K extends ColumnKinds> = {
  readonly [Name in keyof K]: ColumnArrays[K[Name]];
};

export type SqlValues = readonly DuckDBValue[];

/** One embedded DuckDB in memory. Results that are stored are made with one thread, because parallel sums of doubles differ from run to run. */
export interface DuckDb {
  run(sql: string, values?: SqlValues): Promise<void>;
  /** Small results as objects. */
  rows(
    sql: string,
    values?: SqlValues,
  ): Promise<Readonly<Record<string, DuckDBValue>>[]>;
  /** Takes a result chunk by chunk into typed arrays; the kinds follow the order of the selected columns. */
  columns<K extends ColumnKinds>(query: {
    readonly sql: string;
    readonly values?: SqlValues;
    readonly kinds: K;
  }): Promise<Columns<K> & { readonly rowCount: number }>;
  appender(table: string, types: readonly DuckDBType[]): Promise<TableWriter>;
  close(): void;
}

export interface TableWriter {
  /** Appends rows given as columns of equal length. */
  write(columns: readonly (readonly DuckDBValue[])[]): void;
  close(): void;
}

/** Opens an embedded DuckDB in memory; `threads` above one only for results that are not stored. */
export async function openDuckDb(
  options: { readonly threads?: number } = {},
): Promise<DuckDb> {
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(options.threads ?? 1),
  });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  return {
    run: async (sql, values = []) => {
      await connection.run(sql, [...values]);
    },
    rows: async (sql, values = []) => {
      const reader = await connection.runAndReadAll(sql, [...values]);
      return reader.getRowObjects();
    },
    columns: (query) => readColumns(connection, query),
    appender: async (table, types) =>
      tableWriter(await connection.createAppender(table), types),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A path as a SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const CHUNK_ROWS = 2048;

function tableWriter(
  appender: DuckDBAppender,
  types: readonly DuckDBType[],
): TableWriter {
  return {
    write: (columns) => {
      const rows = columns[0]?.length ?? 0;
      for (let start = 0; start < rows; start += CHUNK_ROWS) {
        const end = Math.min(rows, start + CHUNK_ROWS);
        const chunk = DuckDBDataChunk.create(types, end - start);
        chunk.setColumns(columns.map((column) => column.slice(start, end)));
        appender.appendDataChunk(chunk);
      }
    },
    close: () => {
      appender.closeSync();
    },
  };
}

async function readColumns<K extends ColumnKinds>(
  connection: DuckDBConnection,
  query: {
    readonly sql: string;
    readonly values?: SqlValues;
    readonly kinds: K;
  },
): Promise<Columns<K> & { readonly rowCount: number }> {
  const sinks = Object.entries(query.kinds).map(([name, kind]) => ({
    name,
    sink: SINKS[kind](),
  }));
  // Not `connection.stream`: on a busy machine its first chunk is empty now and
  // then, as if there were no rows, and a history would be lost in silence.
  const result = await connection.run(query.sql, [...(query.values ?? [])]);
  let rowCount = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    sinks.forEach(({ sink }, column) => {
      sink.take(chunk.getColumnVector(column), chunk.rowCount);
    });
    rowCount += chunk.rowCount;
  }
  const columns = Object.fromEntries(
    sinks.map(({ name, sink }) => [name, sink.done()]),
  );
  return { ...columns, rowCount } as Columns<K> & { readonly rowCount: number };
}

interface ColumnSink {
  take(vector: DuckDBVector, rows: number): void;
  done(): ColumnArrays[ColumnKind];
}

const SINKS: Readonly<Record<ColumnKind, () => ColumnSink>> = {
  text: () => {
    const values: (string | null)[] = [];
    return {
      take: (vector, rows) => {
        for (let row = 0; row < rows; row++) values.push(textAt(vector, row));
      },
      done: () => values,
    };
  },
  dictionary: () => {
    const codes = growing(new Int32Array(CHUNK_ROWS));
    const known = new Map<string, number>();
    return {
      take: (vector, rows) => {
        for (let row = 0; row < rows; row++) {
          codes.push(codeOf(known, textAt(vector, row)));
        }
      },
      done: () => ({ codes: codes.done(), values: [...known.keys()] }),
    };
  },
  int: () => numberSink(growing(new Int32Array(CHUNK_ROWS)), -1),
  double: () => numberSink(growing(new Float64Array(CHUNK_ROWS)), NaN),
};

function numberSink<T extends Int32Array | Float64Array>(
  target: Growing<T>,
  absent: number,
): ColumnSink {
  return {
    take: (vector, rows) => {
      for (let row = 0; row < rows; row++) {
        const value: unknown = vector.getItem(row);
        target.push(
          typeof value === "number" || typeof value === "bigint"
            ? Number(value)
            : absent,
        );
      }
    },
    done: () => target.done(),
  };
}

function textAt(vector: DuckDBVector, row: number): string | null {
  const value: unknown = vector.getItem(row);
  return typeof value === "string" ? value : null;
}

function codeOf(known: Map<string, number>, value: string | null): number {
  if (value === null) return -1;
  const code = known.get(value) ?? known.size;
  if (code === known.size) known.set(value, code);
  return code;
}

interface Growing<T> {
  push(value: number): void;
  done(): T;
}

/** A typed array that doubles when it is full. */
function growing<T extends Int32Array | Float64Array | Float32Array>(
  first: T,
): Growing<T> {
  let values = first;
  let length = 0;
  return {
    push: (value) => {
      if (length === values.length) {
        const make = values.constructor as new (length: number) => T;
        const larger = new make(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    done: () => values.slice(0, length) as T,
  };
}

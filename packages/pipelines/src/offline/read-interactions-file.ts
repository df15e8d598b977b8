import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { ApiError } from "@recsys/contracts";
import { openDuckDb, sqlText, type DuckDb } from "../duckdb.ts";
import { noSuchFile } from "../import/open-file.ts";
import {
  toEventColumns,
  type EventColumns,
  type EventRow,
} from "../interactions/event-columns.ts";

/** Names of the columns in a CSV file with a header. */
export interface ColumnMapping {
  readonly user: string;
  readonly item: string;
  readonly rating?: string;
  /** Unix seconds, Unix milliseconds or ISO time (UTC where no zone is given). */
  readonly timestamp?: string;
}

export interface InteractionsFile {
  readonly path: string;
  /** `csv`: a header and one interaction a line; `adjacency`: `user item item …` a line. Both may be gzip (`.gz`). */
  readonly format: "csv" | "adjacency";
  readonly mapping?: ColumnMapping;
  /** Event type that every line stands for. */
  readonly type: string;
}

/** `adjacency` for .txt, else `csv`; .gz is looked through. */
export function guessFormat(path: string): "csv" | "adjacency" {
  return /\.txt(\.gz)?$/.test(path) ? "adjacency" : "csv";
}

/** Reads a file of interactions; rows without a user or an item are an error, never dropped. */
export async function readInteractionsFile(
  file: InteractionsFile,
): Promise<EventColumns> {
  await stat(file.path).catch((cause: unknown) => {
    throw noSuchFile(file.path, cause);
  });
  if (file.format === "adjacency") return readAdjacency(file);
  const duck = await openDuckDb();
  try {
    return await readCsv(duck, file);
  } finally {
    duck.close();
  }
}

const DEFAULT_NAMES = {
  user: "user_id",
  item: "item_id",
  rating: "rating",
  timestamp: "timestamp",
};

async function readCsv(
  duck: DuckDb,
  file: InteractionsFile,
): Promise<EventColumns> {
  const source = `read_csv(${sqlText(file.path)}, header = true, all_varchar = true)`;
  const present = await headerOf(duck, source, file.path);
  const mapping = checkMapping(present, file);
  const number = (name: string | undefined) =>
    name === undefined ? "null" : `try_cast(${column(name)} as double)`;
  const read = await duck.columns({
    sql: `select ${column(mapping.user)}, ${column(mapping.item)},
            ${number(mapping.rating)}, ${timeSql(mapping.timestamp)} from ${source}`,
    kinds: {
      user: "dictionary",
      item: "dictionary",
      value: "double",
      ts: "double",
    },
  });
  checkRows(read, mapping.timestamp !== undefined, file.path);
  const constant = { codes: new Int32Array(read.rowCount), values: [] };
  const absent = constant.codes.map(() => -1);
  return {
    ...read,
    ts: read.ts.map((ts) => (Number.isNaN(ts) ? 0 : ts)),
    quantity: new Float64Array(read.rowCount).fill(NaN),
    type: { ...constant, values: [file.type] },
    person: { ...constant, values: ["user"] },
    order: { codes: absent, values: [] },
    country: { codes: absent, values: [] },
  };
}

async function headerOf(
  duck: DuckDb,
  source: string,
  path: string,
): Promise<readonly string[]> {
  try {
    const rows = await duck.rows(`describe select * from ${source}`);
    return rows.map((row) => String(row["column_name"]));
  } catch (cause) {
    throw new ApiError("UPLOAD_INVALID", {
      detail: `${path} cannot be read as CSV with a header`,
      cause,
    });
  }
}

function checkMapping(
  present: readonly string[],
  file: InteractionsFile,
): ColumnMapping {
  const optional = (key: "rating" | "timestamp") => {
    const name = file.mapping?.[key];
    if (name !== undefined) return { [key]: name };
    return present.includes(DEFAULT_NAMES[key])
      ? { [key]: DEFAULT_NAMES[key] }
      : {};
  };
  const mapping: ColumnMapping = {
    user: file.mapping?.user ?? DEFAULT_NAMES.user,
    item: file.mapping?.item ?? DEFAULT_NAMES.item,
    ...optional("rating"),
    ...optional("timestamp"),
  };
  const missing = Object.values(mapping).filter(
    (name) => !present.includes(String(name)),
  );
  if (missing.length > 0) {
    throw new ApiError("UPLOAD_INVALID", {
      detail: `${file.path} has no column ${missing.join(", ")}; it has ${present.join(", ")}`,
      fix: "Name the columns with --map user=…,item=….",
    });
  }
  return mapping;
}

/** Below this a number is Unix seconds (until the year 5138), above it milliseconds. */
const LARGEST_SECONDS = 1e11;

function timeSql(name: string | undefined): string {
  if (name === undefined) return "0::double";
  const text = column(name);
  return `case when try_cast(${text} as double) is null
               then epoch_ms(try_cast(${text} as timestamptz) at time zone 'UTC')::double
               when try_cast(${text} as double) < ${LARGEST_SECONDS}
               then try_cast(${text} as double) * 1000
               else try_cast(${text} as double) end`;
}

function checkRows(
  read: {
    readonly rowCount: number;
    readonly user: { readonly codes: Int32Array };
    readonly item: { readonly codes: Int32Array };
    readonly ts: Float64Array;
  },
  hasTime: boolean,
  path: string,
): void {
  for (let row = 0; row < read.rowCount; row++) {
    const field =
      (read.user.codes[row] ?? -1) < 0
        ? "user"
        : (read.item.codes[row] ?? -1) < 0
          ? "item"
          : hasTime && Number.isNaN(read.ts[row])
            ? "time"
            : null;
    if (field !== null) {
      throw new ApiError("UPLOAD_INVALID", {
        detail: `${path}, row ${row + 1}: no readable ${field}`,
        fix: null,
      });
    }
  }
}

async function readAdjacency(file: InteractionsFile): Promise<EventColumns> {
  const raw = createReadStream(file.path);
  const text = file.path.endsWith(".gz") ? raw.pipe(createGunzip()) : raw;
  const rows: EventRow[] = [];
  for await (const line of createInterface({ input: text })) {
    const [user, ...items] = line.trim().split(/\s+/);
    if (user === undefined || user === "") continue;
    for (const item of items) rows.push({ user, item, type: file.type, ts: 0 });
  }
  return toEventColumns(rows);
}

function column(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import { chmod, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  INTEGER,
  LIST,
  VARCHAR,
  listValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { DecisionRecord, ExportedDecision } from "@recsys/contracts";
import { openDuckDb, sqlText, type DuckDb } from "../duckdb.ts";

interface Column {
  readonly name: string;
  readonly type: DuckDBType;
  readonly value: (decision: ExportedDecision) => DuckDBValue;
  /** How the file has it, where that differs from how it is handed over. */
  readonly select?: string;
}

function text(
  name: string,
  read: (record: DecisionRecord) => string | null,
): Column {
  return { name, type: VARCHAR, value: ({ record }) => read(record) };
}

function moment(
  name: string,
  read: (decision: ExportedDecision) => number,
): Column {
  return {
    name,
    type: BIGINT,
    value: (decision) => BigInt(Math.round(read(decision))),
    select: `make_timestamp_ms(${name})`,
  };
}

/** The columns of the view `rec_decisions`, and the whole record as JSON. */
const COLUMNS: readonly Column[] = [
  text("tenant_id", (record) => record.tenant),
  text("namespace", (record) => record.namespace),
  text("request_id", (record) => record.request_id),
  moment("decided_at", ({ decidedAt }) => decidedAt),
  text("subject", (record) => record.subject),
  text("route", (record) => record.request.route),
  text("surface", (record) => record.request.surface),
  text("segment", (record) => record.request.segment),
  { name: "k", type: INTEGER, value: ({ record }) => record.request.k },
  {
    name: "item_ids",
    type: LIST(VARCHAR),
    value: ({ record }) => listValue(record.slate.map((item) => item.item_id)),
  },
  {
    name: "scores",
    type: LIST(DOUBLE),
    value: ({ record }) => listValue(record.slate.map((item) => item.score)),
  },
  {
    name: "propensities",
    type: LIST(DOUBLE),
    value: ({ record }) =>
      listValue(record.slate.map((item) => item.propensity)),
  },
  text("algo_version", ({ versions }) => versions.algo_version),
  text("config_version", ({ versions }) => versions.config_version),
  text("rules_version", ({ versions }) => versions.rules_version),
  text("manifest_version", ({ versions }) => versions.manifest_version),
  {
    name: "degraded",
    type: LIST(VARCHAR),
    value: ({ record }) => listValue(record.degraded.map(({ part }) => part)),
  },
  { name: "contaminated", type: BOOLEAN, value: (row) => row.contaminated },
  moment("shipped_at", ({ shippedAt }) => shippedAt),
  text("record", (record) => JSON.stringify(record)),
];

const BATCH_ROWS = 64;
/** A part, and a group of rows of the file, has about so much text: what is held in memory at once. */
const PART_CHARACTERS = 8 * 1024 * 1024;

/**
 * Writes decisions as one Parquet file, in the order given, and resolves with
 * their number. Memory is bounded however many there are: parts are written
 * beside the target and put together at the end. The file is there whole or
 * not at all.
 */
export async function writeDecisionsParquet(
  decisions: AsyncIterable<ExportedDecision>,
  path: string,
): Promise<number> {
  const work = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  const duck = await openDuckDb();
  try {
    const parts = await writeParts(duck, decisions, work);
    const largest = Math.max(...parts.map(({ rows }) => rows));
    const made = join(work, "decisions.parquet");
    await copy(duck, {
      from: `read_parquet([${parts.map((part) => sqlText(part.path)).join(", ")}])`,
      to: made,
      rowsInGroup: largest,
    });
    // As with JSON lines: what people were shown is for who asked for it.
    await chmod(made, 0o600);
    await rename(made, path);
    return parts.reduce((sum, { rows }) => sum + rows, 0);
  } finally {
    duck.close();
    await rm(work, { recursive: true, force: true });
  }
}

interface Part {
  readonly path: string;
  readonly rows: number;
}

/** At least one part, even when it is empty: the file has its columns in any case. */
async function writeParts(
  duck: DuckDb,
  decisions: AsyncIterable<ExportedDecision>,
  folder: string,
): Promise<readonly Part[]> {
  const columns = COLUMNS.map(({ name, type }) => `${name} ${type.toString()}`);
  const selected = COLUMNS.map(({ name, select }) =>
    select === undefined ? name : `${select} as ${name}`,
  );
  const parts: Part[] = [];
  let batch: DuckDBValue[][] = [];
  let size = 0;
  const write = async () => {
    const path = join(folder, `${parts.length}.parquet`);
    const rows = batch.length;
    await duck.run(`create or replace table part (${columns.join(", ")})`);
    await fill(duck, batch);
    const from = `(select ${selected.join(", ")} from part)`;
    await copy(duck, { from, to: path, rowsInGroup: rows });
    parts.push({ path, rows });
    batch = [];
    size = 0;
  };
  for await (const decision of decisions) {
    const row = COLUMNS.map(({ value }) => value(decision));
    batch.push(row);
    size += String(row.at(-1)).length;
    if (size >= PART_CHARACTERS) await write();
  }
  if (batch.length > 0 || parts.length === 0) await write();
  return parts;
}

async function fill(
  duck: DuckDb,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const types = COLUMNS.map(({ type }) => type);
  const writer = await duck.appender("part", types);
  try {
    for (let at = 0; at < rows.length; at += BATCH_ROWS) {
      const some = rows.slice(at, at + BATCH_ROWS);
      writer.write(
        types.map((_, column) => some.map((row) => row[column] ?? null)),
      );
    }
  } finally {
    writer.close();
  }
}

function copy(
  duck: DuckDb,
  o: {
    readonly from: string;
    readonly to: string;
    readonly rowsInGroup: number;
  },
): Promise<void> {
  const rows = Math.max(o.rowsInGroup, 1);
  return duck.run(
    `copy (select * from ${o.from}) to ${sqlText(o.to)}
       (format parquet, compression zstd, row_group_size ${rows})`,
  );
}

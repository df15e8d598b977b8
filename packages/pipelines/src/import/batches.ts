import { ApiError } from "@recsys/contracts";
import { createCsvParser, type CsvRecord } from "./csv.ts";
import { createJsonlParser } from "./jsonl.ts";
import { MAX_COLUMNS, MAX_FIELD_CHARACTERS } from "./limits.ts";
import type { RowProblem, SourceRecord } from "./record.ts";
import { wasUtf8 } from "./utf8-text.ts";
import { visible } from "./visible.ts";

export type RecordBatches = AsyncIterable<readonly SourceRecord[]>;

/** CSV text as records by the names of its header. */
export function csvRecords(
  pieces: AsyncIterable<string>,
  delimiter?: string,
): {
  readonly columns: () => readonly string[];
  readonly batches: RecordBatches;
} {
  let columns: readonly string[] = [];
  async function* batches(): AsyncGenerator<readonly SourceRecord[]> {
    const parser = createCsvParser(delimiter);
    for await (const records of parsed(pieces, parser)) {
      const rows = columns.length > 0 ? records : records.slice(1);
      if (columns.length === 0) columns = headerOf(records[0]);
      yield rows.map((record) => named(record, columns));
    }
  }
  return { columns: () => columns, batches: batches() };
}

/** JSONL text as records. */
export function jsonlRecords(pieces: AsyncIterable<string>): {
  readonly batches: RecordBatches;
} {
  return { batches: parsed(pieces, createJsonlParser()) };
}

interface PushParser<Row> {
  push(text: string): Row[];
  end(): Row[];
}

async function* parsed<Row>(
  pieces: AsyncIterable<string>,
  parser: PushParser<Row>,
): AsyncGenerator<readonly Row[]> {
  for await (const piece of pieces) {
    const rows = parser.push(piece);
    if (rows.length > 0) yield rows;
  }
  const last = parser.end();
  if (last.length > 0) yield last;
}

function headerOf(record: CsvRecord | undefined): readonly string[] {
  if (record === undefined || record.problem !== undefined) {
    throw new ApiError("UPLOAD_INVALID", {
      detail:
        `The first line of the CSV file is not a readable header. ${record?.problem?.message ?? ""}`.trimEnd(),
    });
  }
  if (!wasUtf8(record.raw)) {
    throw new ApiError("UPLOAD_INVALID", {
      detail:
        "The header of the CSV file is not UTF-8; save the file as UTF-8.",
      fix: null,
    });
  }
  const names = record.fields.map((name) => name.trim());
  requireTable(names);
  if (names.includes("__proto__")) {
    throw new ApiError("UPLOAD_INVALID", {
      detail: `The header of the CSV file names a column "__proto__"; rename it.`,
      fix: null,
    });
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new ApiError("UPLOAD_INVALID", {
      detail: `The header of the CSV file names the column "${visible(twice)}" twice.`,
    });
  }
  return names;
}

/** Throws UPLOAD_INVALID for more columns than a table has. */
export function requireTable(columns: readonly string[]): void {
  if (columns.length <= MAX_COLUMNS) return;
  throw new ApiError("UPLOAD_INVALID", {
    detail: `The file is no table: it has ${columns.length} columns, the most is ${MAX_COLUMNS}.`,
  });
}

/** What is wrong with a row of which one field is too long. */
export function longField(column: string): RowProblem {
  const message = `is longer than ${MAX_FIELD_CHARACTERS.toLocaleString("en")} characters`;
  return { code: "too_long", path: `/${column}`, message };
}

function named(record: CsvRecord, columns: readonly string[]): SourceRecord {
  const { line, raw, fields } = record;
  if (record.problem !== undefined) {
    return { line, raw, values: {}, problem: record.problem };
  }
  if (fields.length !== columns.length) {
    const message = `The line has ${fields.length} fields and the header ${columns.length}.`;
    const problem = { code: "field_count", path: "", message };
    return { line, raw, values: {}, problem };
  }
  const long = fields.findIndex((field) => field.length > MAX_FIELD_CHARACTERS);
  if (long !== -1) {
    return { line, raw, values: {}, problem: longField(columns[long] ?? "") };
  }
  const values: Record<string, string> = {};
  for (let i = 0; i < fields.length; i++) {
    values[columns[i] ?? ""] = fields[i] ?? "";
  }
  return { line, raw, values };
}

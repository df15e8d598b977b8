import { hash } from "node:crypto";
import {
  ApiError,
  type EventInput,
  type ExposureInput,
  type ItemInput,
  type OutcomeInput,
  type UserInput,
} from "@recsys/contracts";
import { FIELDS, setField, targetOf, type FieldTarget } from "../fields.ts";
import {
  type Adapter,
  type Conversion,
  type ConversionOptions,
  type Entity,
  type FileFormat,
  type ImportRow,
  type RowProblem,
  type SourceRecord,
  type Table,
} from "../record.ts";
import { visible } from "../visible.ts";

const ENTITIES = ["item", "user", "event", "exposure", "outcome"] as const;

/** The field that makes a row recognisable; items and users are so by their own id. */
const ID_FIELDS: Partial<Record<Entity, string>> = {
  event: "event_id",
  exposure: "exposure_id",
  outcome: "outcome_id",
};

/** Adapter of a plain file: its columns are our fields, or are mapped to them. */
function plain(format: FileFormat, description: string): Adapter {
  return {
    name: format,
    description,
    files: [],
    format,
    tables: ENTITIES.map(table),
    schema: { attributes: {}, traits: {}, context: {} },
  };
}

export const csv = plain("csv", "any CSV file with a header line");
export const jsonl = plain("jsonl", "any file with one JSON object a line");
export const parquet = plain("parquet", "any Parquet file");

function table(entity: Entity): Table {
  return {
    name: `${entity}s`,
    entity,
    columns: [],
    ...(entity === "event" ? { timeColumn } : {}),
    open: (options) => {
      const columns = new Map<string, Column>();
      return (record) => convert(record, { entity, options, columns });
    },
  };
}

function timeColumn(mapping: Readonly<Record<string, string>>): string {
  const mapped = Object.entries(mapping).find(([, field]) => field === "ts");
  return mapped?.[0] ?? "ts";
}

type Column =
  | { readonly kind: "ignored" }
  | { readonly kind: "field"; readonly target: FieldTarget };

interface Work {
  readonly entity: Entity;
  readonly options: ConversionOptions;
  readonly columns: Map<string, Column>;
}

function convert(record: SourceRecord, work: Work): Conversion {
  const { entity, options } = work;
  const input: Record<string, unknown> = {};
  const values = { ...options.constants, ...record.values };
  for (const [name, value] of Object.entries(values)) {
    const column = columnOf(name, work);
    if (column.kind === "ignored") continue;
    const problem = setField(input, {
      target: column.target,
      value,
      timeOffsetDays: options.timeOffsetDays,
    });
    if (problem !== undefined)
      return { kind: "rejected", problem: atColumn(problem, name) };
  }
  const idField = ID_FIELDS[entity];
  if (idField !== undefined) input[idField] ??= derivedId(record, options);
  return { kind: "rows", rows: [rowOf(entity, input)] };
}

/** A problem names the column of the file, because that is what people can mend. */
function atColumn(problem: RowProblem, column: string): RowProblem {
  const escaped = column.replaceAll("~", "~0").replaceAll("/", "~1");
  return { ...problem, path: `/${escaped}` };
}

function columnOf(name: string, work: Work): Column {
  const found = work.columns.get(name);
  if (found !== undefined) return found;
  const column: Column = work.options.ignore.includes(name)
    ? { kind: "ignored" }
    : { kind: "field", target: fieldTarget(name, work) };
  work.columns.set(name, column);
  return column;
}

/** An unknown column stops the import: a silently lost column is found too late. */
function fieldTarget(name: string, { entity, options }: Work): FieldTarget {
  const mapped = Object.hasOwn(options.mapping, name)
    ? options.mapping[name]
    : undefined;
  const target = targetOf(FIELDS[entity], mapped ?? name);
  if (target !== undefined) return target;
  const shown = visible(name);
  throw new ApiError("UPLOAD_INVALID", {
    detail: `The column "${shown}" is no field of ${entity}s. Map it (--map ${shown}=<field>) or leave it out (--ignore ${shown}). Fields: ${Object.keys(FIELDS[entity]).join(", ")}.`,
    fix: null,
  });
}

/** Same file, same line, same id: importing a file twice changes nothing, and equal lines stay two events. */
function derivedId(record: SourceRecord, options: ConversionOptions): string {
  const text = `${options.fileHash}:${record.line}`;
  return `im-${hash("sha256", text, "base64url").slice(0, 22)}`;
}

/** The shape is checked against the schema of the entity before anything is loaded. */
function rowOf(entity: Entity, input: object): ImportRow {
  switch (entity) {
    case "item":
      return { entity, input: input as ItemInput };
    case "user":
      return { entity, input: input as UserInput };
    case "event":
      return { entity, input: input as EventInput };
    case "exposure":
      return { entity, input: input as ExposureInput };
    case "outcome":
      return { entity, input: input as OutcomeInput };
  }
}

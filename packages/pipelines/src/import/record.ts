import type {
  CatalogueSchema,
  EventInput,
  ExposureInput,
  ItemInput,
  OutcomeInput,
  UserInput,
} from "@recsys/contracts";

/** What a row of a file becomes. */
export type Entity = "item" | "user" | "event" | "exposure" | "outcome";

/** Why a row was not loaded: the same three parts as in every other answer of the product. */
export interface RowProblem {
  readonly code: string;
  /** JSON pointer to the field, empty for the whole row. */
  readonly path: string;
  readonly message: string;
}

/** One row as a reader found it. `line` is the 1-based line (CSV, JSONL) or row (Parquet) it starts at. */
export interface SourceRecord {
  readonly line: number;
  readonly raw: string;
  /** Values by column; strings from CSV, typed from JSONL and Parquet. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Set when the row could not be read at all; `values` is then empty. */
  readonly problem?: RowProblem;
}

export type ImportRow =
  | { readonly entity: "item"; readonly input: ItemInput }
  | { readonly entity: "user"; readonly input: UserInput }
  | { readonly entity: "event"; readonly input: EventInput }
  | { readonly entity: "exposure"; readonly input: ExposureInput }
  | { readonly entity: "outcome"; readonly input: OutcomeInput };

/** What a target made of one row. */
export interface WriteResult {
  readonly status: "accepted" | "duplicate" | "rejected";
  readonly problem?: RowProblem;
}

/**
 * What an adapter makes of one row. `dropped` rows are left out on purpose
 * (a cancellation is no purchase); `rejected` rows should have been right.
 */
export type Conversion =
  | { readonly kind: "rows"; readonly rows: readonly ImportRow[] }
  | { readonly kind: "dropped" | "rejected"; readonly problem: RowProblem };

export function rejected(
  code: string,
  path: string,
  message: string,
): Conversion {
  return { kind: "rejected", problem: { code, path, message } };
}

export function dropped(
  code: string,
  path: string,
  message: string,
): Conversion {
  return { kind: "dropped", problem: { code, path, message } };
}

/** What the whole import was asked, as far as a conversion depends on it. */
export interface ConversionOptions {
  /** Added to every time of the file; whole weeks, so that weekdays stay. */
  readonly timeOffsetDays: number;
  /** SHA-256 of the file: makes the ids of events that bring none. */
  readonly fileHash: string;
  /** Column of the file → field of ours. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Columns of the file that are left out on purpose. */
  readonly ignore: readonly string[];
  /** Fields that every row gets, such as `type: purchase`. */
  readonly constants: Readonly<Record<string, string>>;
}

/** One kind of file that an adapter understands, recognised by its columns. */
export interface Table {
  readonly name: string;
  readonly entity: Entity;
  /** Columns that the file must have; empty: any. */
  readonly columns: readonly string[];
  /** Column with the time of an event; tables of events only. */
  timeColumn?(mapping: Readonly<Record<string, string>>): string;
  /** Makes the conversion of one file; it may remember what it has seen. */
  open(options: ConversionOptions): (record: SourceRecord) => Conversion;
}

export type FileFormat = "csv" | "jsonl" | "parquet";

export interface Adapter {
  readonly name: string;
  readonly description: string;
  /** What a folder of this set contains, in the order of loading. */
  readonly files: readonly string[];
  readonly tables: readonly Table[];
  /** Set where the name of the adapter is the format; otherwise the file tells. */
  readonly format?: FileFormat;
  /** Keys of attributes, traits and context that the rows carry; declared in the tenant's schema before loading. */
  readonly schema: CatalogueSchema;
}

import { checkRow, type RowRules } from "./check-row.ts";
import type { ErrorFile } from "./error-file.ts";
import { BATCH_CHARACTERS } from "./limits.ts";
import type { PlannedFile } from "./plan.ts";
import type {
  Conversion,
  ConversionOptions,
  RowProblem,
  SourceRecord,
} from "./record.ts";
import type { Counter } from "./tally.ts";
import type { ImportTarget, PendingRow } from "./target.ts";
import { ENCODING_PROBLEM, readable, wasUtf8 } from "./utf8-text.ts";

export interface FileLoad {
  readonly file: PlannedFile;
  /** Rows up to this line are written already. */
  readonly afterLine: number;
  readonly conversion: ConversionOptions;
  readonly rules: RowRules;
  readonly target: ImportTarget;
  readonly counter: Counter;
  readonly errors: ErrorFile;
  readonly batchRows: number;
  /** Called when everything up to the line is durable. Throwing stops the import there. */
  readonly onWritten: (line: number, bytesRead: number) => Promise<void>;
}

/** What was read since the last batch; nothing of it counts before it is written. */
interface Batch {
  readonly rows: PendingRow[];
  readonly leftOut: LeftOut[];
  read: number;
  /** Length of the texts of its rows. */
  characters: number;
  line: number;
}

interface LeftOut {
  readonly line: number;
  readonly raw: string;
  readonly kind: "rejected" | "dropped";
  readonly problem: RowProblem;
}

/** A long run of bad rows is saved too, so that their lines do not pile up in memory. */
const MAX_UNSAVED = 10_000;

/**
 * Streams one file into the target. While a batch is written the next is read,
 * so memory holds two, whatever the size of the file.
 */
export async function loadFile(load: FileLoad): Promise<void> {
  const opened = await load.file.open();
  const convert = load.file.table.open(load.conversion);
  let batch = emptyBatch(load.afterLine);
  let writing = Promise.resolve();
  const flush = async () => {
    const full = batch;
    batch = emptyBatch(full.line);
    const bytesRead = opened.bytesRead();
    await writing;
    writing = save(full, load).then(() => load.onWritten(full.line, bytesRead));
    // Its failure is met at the next flush; until then it must not count as unheard.
    writing.catch(() => undefined);
  };
  try {
    for await (const records of opened.records()) {
      for (const record of records) {
        if (record.line <= load.afterLine) continue;
        take(record, batch, { convert, load });
        if (isFull(batch, load.batchRows)) await flush();
      }
    }
    await flush();
    await writing;
  } finally {
    // A file that cannot be read further leaves a batch under way.
    await writing.catch(() => undefined);
  }
}

function isFull(batch: Batch, rows: number): boolean {
  return (
    batch.rows.length >= rows ||
    batch.read >= MAX_UNSAVED ||
    batch.characters >= BATCH_CHARACTERS
  );
}

function emptyBatch(line: number): Batch {
  return { rows: [], leftOut: [], read: 0, characters: 0, line };
}

interface Taking {
  readonly convert: (record: SourceRecord) => Conversion;
  readonly load: FileLoad;
}

/** Converts and checks one record into the batch. */
function take(
  record: SourceRecord,
  batch: Batch,
  { convert, load }: Taking,
): void {
  const { line } = record;
  const raw = readable(record.raw);
  batch.line = line;
  batch.read++;
  batch.characters += raw.length;
  const unread =
    record.problem ?? (wasUtf8(record.raw) ? undefined : ENCODING_PROBLEM);
  if (unread !== undefined) {
    batch.leftOut.push({ line, raw, kind: "rejected", problem: unread });
    return;
  }
  const conversion = convert(record);
  if (conversion.kind !== "rows") {
    batch.leftOut.push({ line, raw, ...conversion });
    return;
  }
  for (const row of conversion.rows) {
    const problem = checkRow(row, load.rules);
    if (problem === undefined) batch.rows.push({ line, raw, row });
    else batch.leftOut.push({ line, raw, kind: "rejected", problem });
  }
}

/** Writes a batch, then counts it and reports what was left out, in the order of lines. */
async function save(batch: Batch, load: FileLoad): Promise<void> {
  const results =
    batch.rows.length === 0 ? [] : await load.target.write(batch.rows);
  const leftOut = [...batch.leftOut];
  load.counter.rows(batch.read);
  for (const { kind, problem } of batch.leftOut) {
    load.counter.notLoaded(kind, problem.code);
  }
  batch.rows.forEach(({ line, raw, row }, i) => {
    const result = results[i];
    if (result === undefined) {
      throw new Error("the target answered fewer rows than it was sent");
    }
    load.counter.written(row, result);
    if (result.status !== "rejected") return;
    const problem = result.problem ?? NO_REASON;
    leftOut.push({ line, raw, kind: "rejected", problem });
  });
  leftOut.sort((a, b) => a.line - b.line);
  for (const { line, raw, kind, problem } of leftOut) {
    load.errors.add({
      file: load.file.name,
      line,
      status: kind,
      ...problem,
      raw,
    });
  }
  await load.errors.flush();
}

const NO_REASON: RowProblem = { code: "rejected", path: "", message: "" };

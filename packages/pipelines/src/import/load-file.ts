import { checkRow, type RowRules } from "./check-row.ts";
import type { ErrorFile } from "./error-file.ts";
import type { PlannedFile } from "./plan.ts";
import type { ConversionOptions, RowProblem, SourceRecord } from "./record.ts";
import type { Counter } from "./tally.ts";
import type { ImportTarget, PendingRow } from "./target.ts";

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

/** Streams one file into the target; memory holds one batch, whatever the size of the file. */
export async function loadFile(load: FileLoad): Promise<void> {
  const opened = await load.file.open();
  const convert = load.file.table.open(load.conversion);
  let pending: PendingRow[] = [];
  let line = load.afterLine;
  let unsaved = 0;
  const flush = async () => {
    const batch = pending;
    pending = [];
    unsaved = 0;
    await write(batch, load);
    await load.errors.flush();
    await load.onWritten(line, opened.bytesRead());
  };
  for await (const records of opened.records()) {
    for (const record of records) {
      if (record.line <= load.afterLine) continue;
      load.counter.row(record.raw);
      for (const row of convertRecord(record, convert, load)) pending.push(row);
      line = record.line;
      if (pending.length >= load.batchRows || ++unsaved >= MAX_UNSAVED)
        await flush();
    }
  }
  await flush();
}

/** A long run of bad rows is saved too, so that their lines do not pile up in memory. */
const MAX_UNSAVED = 10_000;

function convertRecord(
  record: SourceRecord,
  convert: ReturnType<PlannedFile["table"]["open"]>,
  load: FileLoad,
): PendingRow[] {
  const { line, raw } = record;
  if (record.problem !== undefined) {
    leaveOut({ line, raw, kind: "rejected", problem: record.problem }, load);
    return [];
  }
  const conversion = convert(record);
  if (conversion.kind !== "rows") {
    leaveOut({ line, raw, ...conversion }, load);
    return [];
  }
  return conversion.rows.flatMap((row) => {
    const problem = checkRow(row, load.rules);
    if (problem === undefined) return [{ line, raw, row }];
    leaveOut({ line, raw, kind: "rejected", problem }, load);
    return [];
  });
}

interface LeftOut {
  readonly line: number;
  readonly raw: string;
  readonly kind: "rejected" | "dropped";
  readonly problem: RowProblem;
}

function leaveOut({ line, raw, kind, problem }: LeftOut, load: FileLoad): void {
  load.counter.notLoaded(kind, problem.code);
  load.errors.add({
    file: load.file.name,
    line,
    status: kind,
    ...problem,
    raw,
  });
}

async function write(
  batch: readonly PendingRow[],
  load: FileLoad,
): Promise<void> {
  if (batch.length === 0) return;
  const results = await load.target.write(batch);
  batch.forEach(({ line, raw, row }, i) => {
    const result = results[i];
    if (result === undefined)
      throw new Error("the target answered fewer rows than it was sent");
    load.counter.written(row, result);
    if (result.status !== "rejected") return;
    const problem = result.problem ?? {
      code: "rejected",
      path: "",
      message: "",
    };
    load.errors.add({
      file: load.file.name,
      line,
      status: "rejected",
      ...problem,
      raw,
    });
  });
}

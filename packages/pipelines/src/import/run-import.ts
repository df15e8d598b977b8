import { ApiError, type ConfigDocument } from "@recsys/contracts";
import {
  noErrorFile,
  openErrorFile,
  type ErrorFile,
  type ErrorLine,
} from "./error-file.ts";
import {
  accountedFor,
  describeFiles,
  writeEvidence,
  type ImportReport,
} from "./evidence.ts";
import { checkMapping } from "./check-mapping.ts";
import { loadFile } from "./load-file.ts";
import {
  planImport,
  type Plan,
  type PlannedFile,
  type PlanOptions,
} from "./plan.ts";
import {
  noProgressFile,
  progressFile,
  type Checkpoint,
  type ProgressFile,
} from "./progress-file.ts";
import type { ConversionOptions } from "./record.ts";
import { lastEventTime } from "./scan-times.ts";
import {
  createCounter,
  EMPTY_TALLY,
  type Counter,
  type Tally,
} from "./tally.ts";
import { dryRun, type ImportTarget } from "./target.ts";
import { weeksToNow } from "./times.ts";

export interface ImportOptions extends PlanOptions {
  readonly target: ImportTarget;
  /** Column of the file → field of ours; see fields.ts. */
  readonly mapping?: Readonly<Record<string, string>>;
  readonly ignore?: readonly string[];
  readonly constants?: Readonly<Record<string, string>>;
  /** Moves all times by whole weeks so that the newest event lies in the week of `now`. */
  readonly shiftToNow?: boolean;
  /** Hears, before the first row, that earlier imports of the tenant moved their times by so many days and this one does not. */
  readonly onNotShifted?: (storedDays: number) => void;
  /** Writes nothing. `compare`: rows are held against what the target has, where it can tell; `check`: each by itself. */
  readonly dryRun?: "compare" | "check";
  /** Rows written in one transaction. */
  readonly batchRows?: number;
  readonly errorFile?: string;
  readonly evidenceFile?: string;
  /** Folder of progress files; without one an interrupted import starts over. */
  readonly progressFolder?: string;
  readonly onProgress?: (progress: ImportProgress) => void | Promise<void>;
  /** Hears of every row that is not loaded, beside the error file. */
  readonly onNotLoaded?: (line: ErrorLine) => void;
  /** Stops after the current batch. */
  readonly signal?: AbortSignal;
  readonly clock: () => number;
}

export interface ImportProgress {
  readonly file: string;
  readonly bytesRead: number;
  readonly bytes: number;
  readonly tally: Tally;
}

const BATCH_ROWS = 2_000;

/**
 * Loads files into a store or a service and says what became of every row.
 * Bad rows are counted and written to the error file; only a file that cannot
 * be read, or a target that does not answer, ends the import with an ApiError.
 */
export async function runImport(options: ImportOptions): Promise<ImportReport> {
  const startedAt = new Date(options.clock()).toISOString();
  const plan = await planImport(options);
  checkMapping(plan.files, options.mapping ?? {});
  const preview =
    options.dryRun === "compare" ? options.target.preview : undefined;
  const target =
    options.dryRun === undefined
      ? options.target
      : dryRun(options.target, preview);
  const state = await target.read(plan.adapter.schema);
  const progress = progressOf(options, plan);
  const checkpoint = await progress.read();
  const timeOffsetDays =
    checkpoint?.timeOffsetDays ??
    (await offsetOf(options, plan, state.timeOffsetDays));
  await target.declare(plan.adapter.schema);
  // What earlier imports were moved by stays known when one is not moved.
  if (options.shiftToNow !== true) {
    tellUnshifted(options, plan, state.timeOffsetDays);
  } else if (timeOffsetDays !== state.timeOffsetDays) {
    await target.setTimeOffsetDays(timeOffsetDays);
  }
  const errors = await errorsOf(options, checkpoint);
  const counter = createCounter(checkpoint?.tally ?? EMPTY_TALLY);
  try {
    const run = {
      options,
      plan,
      target,
      progress,
      errors,
      counter,
      timeOffsetDays,
    };
    await loadAll({ ...run, config: state.config }, checkpoint);
  } finally {
    await errors.close();
  }
  const tally = counter.snapshot();
  const checks = [accountedFor(tally), ...(await target.check(tally))];
  const report: ImportReport = {
    schema: 1,
    adapter: plan.adapter.name,
    target: target.name,
    dryRun: options.dryRun !== undefined,
    compared: options.dryRun === undefined || preview !== undefined,
    startedAt,
    finishedAt: new Date(options.clock()).toISOString(),
    files: describeFiles(plan),
    timeOffsetDays,
    resumed: checkpoint !== undefined,
    tally,
    checks,
    ok: checks.every((check) => check.ok),
  };
  if (options.evidenceFile !== undefined)
    await writeEvidence(options.evidenceFile, report);
  await progress.remove();
  return report;
}

interface Run {
  readonly options: ImportOptions;
  readonly plan: Plan;
  readonly target: ImportTarget;
  readonly progress: ProgressFile;
  readonly errors: ErrorFile;
  readonly counter: Counter;
  readonly timeOffsetDays: number;
  readonly config: ConfigDocument;
}

async function loadAll(run: Run, from: Checkpoint | undefined): Promise<void> {
  const { options, plan, counter } = run;
  for (const [index, file] of plan.files.entries()) {
    if (index < (from?.file ?? 0)) continue;
    await loadFile({
      file,
      afterLine: index === from?.file ? from.line : 0,
      conversion: conversionOf(options, file, run.timeOffsetDays),
      rules: { config: run.config, now: options.clock() },
      target: run.target,
      counter,
      errors: run.errors,
      batchRows: options.batchRows ?? BATCH_ROWS,
      onWritten: (line, bytesRead) => saved(run, { index, line, bytesRead }),
    });
    await file.requireUnchanged();
  }
}

async function saved(
  run: Run,
  at: {
    readonly index: number;
    readonly line: number;
    readonly bytesRead: number;
  },
): Promise<void> {
  const { options, plan, progress, errors, counter, timeOffsetDays } = run;
  const tally = counter.snapshot();
  await progress.write({
    file: at.index,
    line: at.line,
    errorBytes: errors.bytes,
    timeOffsetDays,
    tally,
  });
  const file = plan.files[at.index];
  await options.onProgress?.({
    file: file?.name ?? "",
    bytesRead: at.bytesRead,
    bytes: file?.bytes ?? 0,
    tally,
  });
  options.signal?.throwIfAborted();
}

function conversionOf(
  options: ImportOptions,
  file: PlannedFile,
  timeOffsetDays: number,
): ConversionOptions {
  return {
    timeOffsetDays,
    fileHash: file.sha256,
    mapping: options.mapping ?? {},
    ignore: options.ignore ?? [],
    constants: options.constants ?? {},
  };
}

/** A tenant keeps its first offset, so that later files of the same set fit to the earlier ones. */
async function offsetOf(
  options: ImportOptions,
  plan: Plan,
  known: number,
): Promise<number> {
  if (options.shiftToNow !== true) return 0;
  if (known !== 0) return known;
  const last = await lastEventTime(plan.files, options.mapping ?? {});
  if (last === undefined) {
    throw new ApiError("UPLOAD_INVALID", {
      detail:
        "There is no event in these files to shift the times by; import the events first, or together with the rest.",
      fix: null,
    });
  }
  return weeksToNow(last, options.clock());
}

/** Events beside moved ones, years before them, are seldom meant. */
function tellUnshifted(options: ImportOptions, plan: Plan, known: number) {
  const hasEvents = plan.files.some(({ table }) => table.entity === "event");
  if (known !== 0 && hasEvents) options.onNotShifted?.(known);
}

/** A dry run writes nothing, so there is nothing to resume. */
function progressOf(options: ImportOptions, plan: Plan): ProgressFile {
  if (options.progressFolder === undefined || options.dryRun !== undefined)
    return noProgressFile();
  return progressFile(options.progressFolder, {
    adapter: plan.adapter.name,
    target: options.target.name,
    files: plan.files.map((file) => file.sha256),
    tables: plan.files.map((file) => file.table.name),
    mapping: { ...options.mapping },
    ignore: [...(options.ignore ?? [])],
    constants: { ...options.constants },
    delimiter: options.delimiter ?? ",",
    shiftToNow: options.shiftToNow === true,
    errorFile: options.errorFile ?? null,
  });
}

async function errorsOf(
  options: ImportOptions,
  checkpoint: Checkpoint | undefined,
): Promise<ErrorFile> {
  const { errorFile, onNotLoaded } = options;
  const file =
    errorFile === undefined
      ? noErrorFile()
      : await openErrorFile(errorFile, checkpoint?.errorBytes ?? 0);
  if (onNotLoaded === undefined) return file;
  return {
    ...file,
    add: (line) => {
      onNotLoaded(line);
      file.add(line);
    },
    get bytes() {
      return file.bytes;
    },
  };
}

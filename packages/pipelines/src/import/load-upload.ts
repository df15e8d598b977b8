import { ApiError, type FieldError } from "@recsys/contracts";
import type { ErrorLine } from "./error-file.ts";
import type { Entity, FileFormat } from "./record.ts";
import type { ImportLimits } from "./limits.ts";
import { runImport, type ImportOptions } from "./run-import.ts";
import type { Tally } from "./tally.ts";
import type { ImportTarget } from "./target.ts";

/** A received file and what its sender said about it. */
export interface UploadedFile {
  readonly path: string;
  readonly kind: "items" | "users" | "events" | "exposures" | "outcomes";
  readonly format: FileFormat;
  /** Column of the file by our field. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  readonly onProgress: (progress: UploadCounts) => Promise<void>;
}

/** Counts so far; `errors` are those since the last report. */
export interface UploadCounts {
  readonly state: "validating" | "loading";
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly errors: readonly (FieldError & { readonly row: number })[];
}

const ENTITIES: Readonly<Record<UploadedFile["kind"], Entity>> = {
  items: "item",
  users: "user",
  events: "event",
  exposures: "exposure",
  outcomes: "outcome",
};

/**
 * Reads the whole file once without writing, then loads it: a file that cannot
 * be read to its end writes nothing. Bad rows are reported and do not stop the
 * rest. Throws UPLOAD_INVALID.
 */
export async function loadUpload(
  file: UploadedFile,
  on: LoadingPlace,
): Promise<UploadCounts> {
  const validated = await pass(file, { ...on, state: "validating" });
  if (file.dryRun) return validated;
  return pass(file, { ...on, state: "loading" });
}

/** Where uploads go, and how large they may be. */
export interface LoadingPlace {
  readonly target: ImportTarget;
  readonly limits?: ImportLimits;
  readonly clock: () => number;
}

interface Pass extends LoadingPlace {
  readonly state: UploadCounts["state"];
}

async function pass(
  file: UploadedFile,
  { state, ...place }: Pass,
): Promise<UploadCounts> {
  let errors: UploadCounts["errors"][number][] = [];
  const takeErrors = () => {
    const taken = errors;
    errors = [];
    return taken;
  };
  const isLast = state === "loading" || file.dryRun;
  const asked: ImportOptions = {
    adapter: file.format,
    paths: [file.path],
    entity: ENTITIES[file.kind],
    mapping: byColumn(file.mapping),
    ...place,
    ...(state === "validating"
      ? { dryRun: file.dryRun ? "compare" : "check" }
      : {}),
    onNotLoaded: (line) => {
      // Errors of the first pass would be told twice.
      if (isLast) errors.push(toFieldError(line));
    },
    onProgress: ({ bytesRead, tally }) =>
      file.onProgress({
        ...countsOf(tally),
        state,
        bytesRead,
        errors: takeErrors(),
      }),
  };
  const report = await runImport(asked);
  const bytesRead = report.files[0]?.bytes ?? 0;
  return { ...countsOf(report.tally), state, bytesRead, errors: takeErrors() };
}

/** The sender names a column for each field; readers look fields up by column. */
function byColumn(
  mapping: Readonly<Record<string, string>>,
): Record<string, string> {
  const columns: Record<string, string> = {};
  for (const [field, column] of Object.entries(mapping)) {
    if (Object.hasOwn(columns, column)) {
      throw new ApiError("UPLOAD_INVALID", {
        detail: `The mapping uses the column "${column}" for two fields.`,
        fix: null,
      });
    }
    columns[column] = field;
  }
  return columns;
}

function toFieldError(line: ErrorLine): FieldError & { readonly row: number } {
  return {
    row: line.line,
    path: line.path,
    code: line.code,
    message: line.message,
  };
}

function countsOf(tally: Tally) {
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return {
    rowsRead: tally.rows,
    accepted: sum(tally.accepted),
    duplicate: sum(tally.duplicate),
    rejected: sum(tally.rejected) + sum(tally.dropped),
  };
}

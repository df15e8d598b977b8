import { ApiError, type FieldError } from "@recsys/contracts";
import type { ErrorLine } from "./error-file.ts";
import type { Entity, FileFormat } from "./record.ts";
import type { ImportLimits } from "./limits.ts";
import { runImport, type ImportOptions } from "./run-import.ts";
import type { Tally } from "./tally.ts";
import type { ImportTarget } from "./target.ts";
import { visible } from "./visible.ts";

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
  try {
    const validated = await pass(file, { ...on, state: "validating" });
    if (file.dryRun) return validated;
    return await pass(file, { ...on, state: "loading" });
  } catch (error) {
    throw withoutPath(error, file.path);
  }
}

/** Where uploads go, and how large they may be. */
export interface LoadingPlace {
  readonly target: ImportTarget;
  readonly limits?: ImportLimits;
  readonly clock: () => number;
}

/** Where the file lies on this machine is nothing for its sender. */
function withoutPath(error: unknown, path: string): unknown {
  if (!(error instanceof ApiError)) return error;
  const { code, facts, message } = error;
  if (!message.includes(path)) return error;
  const detail = message.replaceAll(path, "the file");
  const upper = detail.charAt(0).toUpperCase() + detail.slice(1);
  return new ApiError(code, { ...facts, detail: upper, cause: error });
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
  // Before rows are written none is accepted, however many are right.
  const counted = (tally: Tally) => ({
    ...countsOf(tally),
    ...(isLast ? {} : { accepted: 0, duplicate: 0 }),
  });
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
        ...counted(tally),
        state,
        bytesRead,
        errors: takeErrors(),
      }),
  };
  const report = await runImport(asked);
  const bytesRead = report.files[0]?.bytes ?? 0;
  return { ...counted(report.tally), state, bytesRead, errors: takeErrors() };
}

/** The sender names a column for each field; readers look fields up by column. */
function byColumn(
  mapping: Readonly<Record<string, string>>,
): Record<string, string> {
  const columns = new Map<string, string>();
  for (const [field, column] of Object.entries(mapping)) {
    if (columns.has(column)) {
      throw new ApiError("UPLOAD_INVALID", {
        detail: `The mapping uses the column "${visible(column)}" for two fields.`,
        fix: null,
      });
    }
    columns.set(column, field);
  }
  return Object.fromEntries(columns);
}

function toFieldError(line: ErrorLine): FieldError & { readonly row: number } {
  return {
    row: line.line,
    path: visible(line.path),
    code: line.code,
    message: visible(line.message),
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

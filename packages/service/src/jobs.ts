import type { ExportedDecision, FieldError } from "@recsys/contracts";

/** Starts a pipeline run; resolves when the run is registered, not when it is done. Throws ApiError ALREADY_RUNNING. */
export type RunPipeline = (wanted: {
  readonly tenant: string;
  readonly namespace: string;
  /** Jobs to run; all when absent. */
  readonly jobs?: readonly string[];
  /** Unix milliseconds; absent: now. */
  readonly asOf?: number;
  readonly trigger: string;
}) => Promise<{ readonly runId: string }>;

/** A file that was received and is to be loaded. */
export interface UploadJob {
  readonly tenant: string;
  readonly namespace: string;
  readonly uploadId: string;
  /** The received bytes on this machine. */
  readonly path: string;
  readonly kind: "items" | "users" | "events" | "exposures" | "outcomes";
  readonly format: "csv" | "jsonl" | "parquet";
  readonly isGzip: boolean;
  /** Column of the file by our field. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly dryRun: boolean;
  /** To be called about once a second: an upload without progress counts as stuck. */
  readonly onProgress: (progress: UploadProgress) => Promise<void>;
}

export interface UploadProgress {
  readonly state: "validating" | "loading";
  readonly bytesRead: number;
  readonly rowsRead: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly errors: readonly (FieldError & { readonly row: number })[];
}

/** Loads a file; resolves with the final counts. Throws ApiError UPLOAD_INVALID when it cannot be read as declared. */
export type LoadUpload = (job: UploadJob) => Promise<UploadProgress>;

/** Writes decisions as one Parquet file, whole or not at all; resolves with their number. */
export type WriteParquet = (
  decisions: AsyncIterable<ExportedDecision>,
  path: string,
) => Promise<number>;

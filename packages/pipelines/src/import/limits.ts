import { IMPORT_LIMITS } from "@recsys/contracts";

/** The largest file that an import takes; a larger one is an error, never cut. */
export interface ImportLimits {
  /** Bytes of the file, unpacked. */
  readonly bytes: number;
  readonly rows: number;
}

export const DEFAULT_LIMITS: ImportLimits = {
  bytes: IMPORT_LIMITS.megabytes * 1024 * 1024,
  rows: IMPORT_LIMITS.rows,
};

/** A longer line is rejected without being held in memory. */
export const MAX_LINE_CHARACTERS = 1_048_576;
/** A longer field is rejected; the longest that the API takes has 20,000. */
export const MAX_FIELD_CHARACTERS = 65_536;
/** A table with more columns is no table. */
export const MAX_COLUMNS = 1_000;
/** From `EXPANSION_FROM` unpacked bytes on, an archive may be this many times larger than its file: tables reach 30, zeros 1,000. */
export const MAX_EXPANSION = 100;
export const EXPANSION_FROM = 64 * 1024 * 1024;
/** A batch is written when it has so much text, however few rows that is. */
export const BATCH_CHARACTERS = 8 * 1024 * 1024;

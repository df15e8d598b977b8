/** Why the schema and this release do not fit, and what to do. */
export type MigrationFailure =
  "CHANGED_FILE" | "OUT_OF_ORDER" | "FAILED_FILE" | "NOT_MIGRATED";

/** The schema cannot be brought, or is not, where this release needs it. */
export class MigrationError extends Error {
  readonly code: MigrationFailure;

  constructor(code: MigrationFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "MigrationError";
    this.code = code;
  }
}

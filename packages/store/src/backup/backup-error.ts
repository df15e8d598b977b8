export type BackupFailure =
  "NOT_A_BACKUP" | "DAMAGED" | "NOT_EMPTY" | "OTHER_SCHEMA";

/** A backup cannot be taken or restored; the message is one sentence with what to do. */
export class BackupError extends Error {
  readonly code: BackupFailure;

  constructor(code: BackupFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "BackupError";
    this.code = code;
  }
}

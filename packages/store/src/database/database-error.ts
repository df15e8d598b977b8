export type DatabaseFailure =
  "UNREACHABLE" | "TOO_OLD" | "UNSAFE_LOGIN" | "UNKNOWN_PASSWORD" | "NO_RIGHTS";

/** The given database cannot be used as it is; the message is one sentence with what to do. */
export class DatabaseError extends Error {
  readonly code: DatabaseFailure;

  constructor(code: DatabaseFailure, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DatabaseError";
    this.code = code;
  }
}

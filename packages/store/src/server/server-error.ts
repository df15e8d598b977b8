import { messageOf } from "@recsys/contracts";

/** What kept the embedded database from starting, each with a sentence that says what to do. */
export const SERVER_FAILURES = {
  DISK_FULL:
    "free some space, or set RECSYS_HOME to a directory on another disk",
  NOT_PERMITTED:
    "make the directory writable for this user, or set RECSYS_HOME to one that is",
  NO_BINARIES:
    "install a Postgres server (15 or later) and set DATABASE_URL to it",
  NO_ACCOUNT:
    "create a system user named recsys, or start the product as an ordinary user",
  DAMAGED:
    "restore a backup into an empty RECSYS_HOME, or repair the directory by hand",
  WRONG_VERSION:
    "start the release that made the directory, take a backup, and restore it with this one",
  LOCKED:
    "stop the process that holds it, or remove the lock file if that process is not ours",
  TIMED_OUT: "look into the log named here and try again",
  FAILED: "look into the log named here",
} as const;

export type ServerFailure = keyof typeof SERVER_FAILURES;

/** The embedded database could not be started; the message is one sentence with what to do. */
export class ServerError extends Error {
  readonly code: ServerFailure;

  constructor(code: ServerFailure, what: string, cause?: unknown) {
    super(`${what}: ${SERVER_FAILURES[code]}.`, { cause });
    this.name = "ServerError";
    this.code = code;
  }

  /** Rebuilds an error that another process reported. */
  static reported(code: ServerFailure, message: string): ServerError {
    const error = new ServerError(code, "");
    error.message = message;
    return error;
  }
}

/** Turns any failure of a start into a ServerError; `where` is the directory or log it is about. */
export function toServerError(error: unknown, where: string): ServerError {
  if (error instanceof ServerError) return error;
  return failureFromText(messageOf(error), where, error);
}

/** Reads the output of initdb and postgres for the causes that an operator can mend. */
export function failureFromText(
  text: string,
  where: string,
  cause?: unknown,
): ServerError {
  const last = lastComplaint(text);
  if (/ENOSPC|No space left|File too large|EDQUOT|quota/i.test(text)) {
    return new ServerError(
      "DISK_FULL",
      `The disk under ${where} is full`,
      cause,
    );
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only/i.test(text)) {
    return new ServerError(
      "NOT_PERMITTED",
      `The database may not write under ${where} (${last})`,
      cause,
    );
  }
  if (/database files are incompatible/i.test(text)) {
    return new ServerError(
      "WRONG_VERSION",
      `The directory ${where} was made by another Postgres version`,
      cause,
    );
  }
  if (/pg_control|invalid checkpoint record|PANIC/i.test(text)) {
    return new ServerError(
      "DAMAGED",
      `The database directory ${where} is damaged (${last})`,
      cause,
    );
  }
  return new ServerError(
    "FAILED",
    `The embedded database did not start (${last}; ${where})`,
    cause,
  );
}

function lastComplaint(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const complaint = lines.findLast((line) => /FATAL|PANIC|error/i.test(line));
  return (complaint ?? lines.findLast((line) => line !== "") ?? "no output")
    .replace(/^.*?(FATAL|PANIC|error):\s*/i, "")
    .replace(/\.$/, "");
}

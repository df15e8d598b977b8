import { ApiError } from "@recsys/contracts";
import { ConfigError } from "@recsys/service";
import {
  BackupError,
  DatabaseError,
  MigrationError,
  ServerError,
} from "@recsys/store";

/** An error as lines for people: its code, what happened, what to do. */
export function explain(error: unknown): string[] {
  if (error instanceof ApiError) {
    const { errors = [] } = error.facts;
    // Where fields are listed, they are what to mend.
    const fix = errors.length === 0 ? error.fix : null;
    return [
      `recsys: ${error.code}: ${error.message}`,
      ...errors.map(
        (one) => `  ${one.path || "(whole)"}: ${one.message} (${one.code})`,
      ),
      ...(fix === null ? [] : [`  What to do: ${fix}`]),
    ];
  }
  if (error instanceof ConfigError) return [`recsys: CONFIG: ${error.message}`];
  if (isStoreError(error)) return [`recsys: ${error.code}: ${error.message}`];
  const system = systemError(error);
  if (system !== undefined) return [system];
  return [
    "recsys: INTERNAL: this is a fault of the product, not of the command line.",
    ...stackOf(error),
  ];
}

/** Errors of the store whose message is one sentence with what to do. */
function isStoreError(
  error: unknown,
): error is Error & { readonly code: string } {
  return [BackupError, DatabaseError, MigrationError, ServerError].some(
    (kind) => error instanceof kind,
  );
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "this may not be read or written by this account",
  EISDIR: "this is a folder, a file is wanted",
  ENOSPC: "the disk is full; make room and run the same command again",
  EADDRINUSE:
    "the port is in use; stop what uses it, or choose another with PORT",
};

function systemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = String(error.code);
  const said = Object.hasOwn(SYSTEM, code) ? SYSTEM[code] : undefined;
  if (said === undefined) return undefined;
  const what = "path" in error ? `${String(error.path)}: ` : "";
  return `recsys: ${code}: ${what}${said} (${error.message})`;
}

/** Causes are shown, parameters of SQL statements are not: only messages and places. */
function stackOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [`  ${String(error)}`];
  const lines = (error.stack ?? error.message).split("\n").slice(0, 8);
  const cause =
    error.cause === undefined ? [] : ["  caused by", ...stackOf(error.cause)];
  return [...lines.map((line) => `  ${line}`), ...cause];
}

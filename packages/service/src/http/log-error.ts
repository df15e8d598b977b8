/** An error in a form that is safe to log: no bound SQL parameters, no values in messages of the database. */
export interface SafeError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly frames: readonly string[];
  readonly cause?: SafeError;
}

const MAX_DEPTH = 5;

/** Picks what may be logged. Postgres quotes values in its messages, so of its errors the code alone is kept. */
export function safeError(error: unknown, depth = 0): SafeError {
  if (!(error instanceof Error)) {
    return { name: "Unknown", message: typeof error, frames: [] };
  }
  const code = "code" in error ? String(error.code) : undefined;
  // Errors of the system, such as EPERM, have a number and a call beside a code of the same form.
  const isSystem = "errno" in error || "syscall" in error;
  const isSql = code !== undefined && !isSystem && /^[0-9A-Z]{5}$/.test(code);
  const frames = (error.stack ?? "")
    .split("\n")
    .filter((line) => line.startsWith("    at "))
    .slice(0, 12)
    .map((line) => line.trim());
  return {
    name: error.name,
    message: isSql ? `SQLSTATE ${code}` : error.message,
    ...(code === undefined ? {} : { code }),
    frames,
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: safeError(error.cause, depth + 1) }),
  };
}

/** The SQLSTATE of a database error, or the empty string. */
export function sqlState(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** True when an error is the violation of this constraint. */
export function isViolationOf(error: unknown, constraint: string): boolean {
  return (
    sqlState(error).startsWith("23") &&
    error instanceof Error &&
    "constraint" in error &&
    error.constraint === constraint
  );
}

import { isUnreachable } from "../http/problem.ts";

/**
 * SQLSTATE classes by which Postgres says that these rows have no place in
 * it: cardinality, data, integrity, a view's check, a limit of the program, an
 * exception of a function. Everything else (no rights, no schema, no memory,
 * no disk, a lost race) may pass, and a decision must not be given up for it.
 */
const REFUSING_CLASSES = new Set(["21", "22", "23", "44", "54", "P0"]);

/** Whether the error says that the decision itself can never be stored. */
export function isRefusal(error: unknown): boolean {
  if (isUnreachable(error)) return false;
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== "string") return true;
  if (/^[0-9A-Z]{5}$/.test(code)) return REFUSING_CLASSES.has(code.slice(0, 2));
  // Codes of the system, such as ENOSPC, tell of this machine.
  return !/^E[A-Z]+$/.test(code);
}

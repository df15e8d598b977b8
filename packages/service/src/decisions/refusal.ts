import { isUnreachable } from "../http/problem.ts";

/**
 * SQLSTATE classes by which Postgres says that these rows have no place in
 * it: cardinality, data, integrity, a view's check, a limit of the program, an
 * exception of a function. Everything else (no rights, no schema, no memory,
 * no disk, a lost race) may pass, and a decision must not be given up for it.
 */
const REFUSING_CLASSES = new Set(["21", "22", "23", "44", "54", "P0"]);

/**
 * What a failed shipping says: `refused`, these rows can never be stored;
 * `away`, the database or this machine stores nothing now; `defect`, anything
 * else, which is a fault of ours and no reason to give up a decision.
 */
export function faultOf(error: unknown): "refused" | "away" | "defect" {
  if (isUnreachable(error)) return "away";
  const code = (error as { readonly code?: unknown } | null)?.code;
  if (typeof code !== "string") return "defect";
  // Codes of the system, such as ENOSPC, tell of this machine.
  if (/^E[A-Z]+$/.test(code)) return "away";
  if (!/^[0-9A-Z]{5}$/.test(code)) return "defect";
  return REFUSING_CLASSES.has(code.slice(0, 2)) ? "refused" : "away";
}

import { readFileSync } from "node:fs";

/**
 * When a process started, in the kernel's own count, or null where the system
 * does not say. Process ids are used again; id and start time are not.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold blanks; field 22 counts from after it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

/** True when a process with this id runs (and, where known, started at this time). */
export function isAlive(pid: number, started: string | null = null): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM"))
      return false;
  }
  const now = processStart(pid);
  return started === null || now === null || now === started;
}

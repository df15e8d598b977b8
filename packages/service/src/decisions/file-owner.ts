import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";

/** Who wrote a file: enough to know whether that process still lives. */
interface FileOwner {
  readonly host: string;
  readonly pid: number;
  /** Start time of the process where the system tells, so that a reused pid is not taken for it. */
  readonly started: string;
}

const self: FileOwner = {
  host: hostname().replaceAll("_", "-"),
  pid: process.pid,
  started: startOf(process.pid) ?? "0",
};

/** Another host's file is left alone until nothing was written to it for so long. */
const FOREIGN_QUIET_MS = 60_000;

/** Name of a new file of this thread, without its ending. */
export function ownedName(sequence: number): string {
  const { host, pid, started } = self;
  return `${host}_${pid}_${started}_${threadId}_${Date.now()}_${sequence}`;
}

/** Whether this process wrote the file, in any of its threads. */
export function isOwn(name: string): boolean {
  const owner = ownerOf(name);
  return (
    owner !== null &&
    owner.host === self.host &&
    owner.pid === self.pid &&
    owner.started === self.started
  );
}

/** Whether the writer of an unfinished file is gone, so that another may take or delete it. */
export function isAbandoned(
  name: string,
  quietMs: number,
  foreignQuietMs = FOREIGN_QUIET_MS,
): boolean {
  const owner = ownerOf(name);
  if (owner === null) return false;
  if (owner.host !== self.host) return quietMs > foreignQuietMs;
  if (!isAlive(owner.pid)) return true;
  const started = startOf(owner.pid);
  return started !== null && started !== owner.started;
}

function ownerOf(name: string): FileOwner | null {
  const [host, pid, started] = name.split("_");
  if (host === undefined || pid === undefined || started === undefined) {
    return null;
  }
  return { host, pid: Number(pid), started };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of /proc/<pid>/stat, in clock ticks since boot; null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return afterName[19] ?? null;
  } catch {
    return null;
  }
}

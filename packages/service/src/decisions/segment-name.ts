import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";

/** Who wrote a segment: enough to know whether that process still lives. */
interface SegmentOwner {
  readonly host: string;
  readonly pid: number;
  /** Start time of the process where the system tells, so that a reused pid is not taken for it. */
  readonly started: string;
}

const self: SegmentOwner = {
  host: hostname().replaceAll("_", "-"),
  pid: process.pid,
  started: startOf(process.pid) ?? "0",
};

/** Another host's segment is left alone until nothing was written to it for so long. */
const FOREIGN_QUIET_MS = 60_000;

/** Name of a new segment of this thread, without its ending. */
export function segmentName(sequence: number): string {
  const { host, pid, started } = self;
  return `${host}_${pid}_${started}_${threadId}_${Date.now()}_${sequence}`;
}

/** Whether a name is that of a segment, whole or still growing. */
export function isSegment(name: string): boolean {
  return name.endsWith(".closed") || name.endsWith(".open");
}

/** Whether this process wrote the segment, in any of its threads. */
export function isOwn(name: string): boolean {
  const owner = ownerOf(name);
  return (
    owner !== null &&
    owner.host === self.host &&
    owner.pid === self.pid &&
    owner.started === self.started
  );
}

/** Whether the writer of an open segment is gone, so that another may ship and delete it. */
export function isAbandoned(name: string, quietMs: number): boolean {
  const owner = ownerOf(name);
  if (owner === null) return false;
  if (owner.host !== self.host) return quietMs > FOREIGN_QUIET_MS;
  if (!isAlive(owner.pid)) return true;
  const started = startOf(owner.pid);
  return started !== null && started !== owner.started;
}

function ownerOf(name: string): SegmentOwner | null {
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

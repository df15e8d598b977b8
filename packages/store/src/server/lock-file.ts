import {
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isAlive, processStart } from "./process-identity.ts";

export interface LockHolder {
  readonly pid: number;
  readonly started: string | null;
}

/**
 * Takes the lock file for this process, or says who holds it. A file whose
 * process is gone is taken over. Creation is `link`, which is atomic and never
 * shows a half-written file.
 */
export function takeLock(path: string): { taken: true } | LockHolder {
  const mine = `${path}.${process.pid}`;
  const self = { pid: process.pid, started: processStart(process.pid) };
  writeFileSync(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(mine, path)) return { taken: true };
      const holder = readHolder(path);
      if (holder === "gone") continue;
      if (holder !== "unreadable" && isAlive(holder.pid, holder.started)) {
        return holder;
      }
      breakStale(path, mine);
    }
    return { pid: 0, started: null };
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Releases the lock if this process still holds it. */
export function releaseLock(path: string): void {
  if (holdsLock(path)) rmSync(path, { force: true });
}

/** True when the lock file names this process. */
export function holdsLock(path: string): boolean {
  const holder = readHolder(path);
  return typeof holder === "object" && holder.pid === process.pid;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a lock whose holder is gone. Only the winner of a second, short-lived
 * lock may do so, and looks again first: otherwise a slow process would remove
 * the fresh lock of a quick one.
 */
function breakStale(path: string, mine: string): void {
  const breaker = `${path}.break`;
  if (!tryLink(mine, breaker)) {
    removeIfAbandoned(breaker);
    return;
  }
  try {
    const holder = readHolder(path);
    if (typeof holder === "object" && isAlive(holder.pid, holder.started)) {
      return;
    }
    renameSync(path, `${mine}.stale`);
    rmSync(`${mine}.stale`, { force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  } finally {
    rmSync(breaker, { force: true });
  }
}

function removeIfAbandoned(breaker: string): void {
  const holder = readHolder(breaker);
  if (holder === "gone") return;
  if (holder !== "unreadable" && isAlive(holder.pid, holder.started)) return;
  rmSync(breaker, { force: true });
}

function readHolder(path: string): LockHolder | "gone" | "unreadable" {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isHolder(parsed)) return parsed;
    return "unreadable";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "gone";
    if (error instanceof SyntaxError) return emptyOrForeign(path);
    throw error;
  }
}

function emptyOrForeign(path: string): "gone" | "unreadable" {
  return statSync(path, { throwIfNoEntry: false }) === undefined
    ? "gone"
    : "unreadable";
}

function isHolder(value: unknown): value is LockHolder {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "started" in value
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

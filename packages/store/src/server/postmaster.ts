import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Cluster, handOver, postgresEnvironment } from "./cluster.ts";
import { isAlive } from "./process-identity.ts";
import { ServerError, failureFromText } from "./server-error.ts";

/** A running Postgres server: our child, or one adopted from a dead supervisor. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

interface PidFile extends Postmaster {
  readonly ready: boolean;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;
const POLL_MS = 10;
const LOG_LIMIT_BYTES = 10_000_000;

/** A server that already runs on this directory, or null; a stale pid file is removed. */
export async function findRunning(
  cluster: Cluster,
): Promise<Postmaster | null> {
  for (const end = performance.now() + STOP_LIMIT_MS; ;) {
    const found = readPidFile(cluster.directory);
    if (found === null) return null;
    if (!isPostgres(found.pid)) {
      rmSync(join(cluster.directory, "postmaster.pid"), { force: true });
      return null;
    }
    if (found.ready) return found;
    if (performance.now() > end) {
      throw new ServerError(
        "TIMED_OUT",
        `The database process ${found.pid} neither starts nor stops (${logOf(cluster)})`,
      );
    }
    await pause(POLL_MS);
  }
}

/**
 * Starts Postgres on a port, the preferred one if it is free. Tries again on
 * another port when somebody takes it in between, and waits for the memory of
 * a killed predecessor to be released.
 */
export async function startPostmaster(
  cluster: Cluster,
  preferredPort: number,
): Promise<Postmaster> {
  let port = preferredPort;
  for (let attempt = 0; ; attempt++) {
    port = await freePort(port);
    const outcome = await launch(cluster, port);
    if (typeof outcome !== "string") return outcome;
    if (attempt < 30 && outcome.includes("shared memory block")) {
      await pause(100);
    } else if (attempt < 30 && /could not bind|in use/.test(outcome)) {
      port = 0;
    } else {
      throw failureFromText(outcome + fullDisk(cluster), cluster.directory);
    }
  }
}

/** Stops the server: fast, then immediately, then by force; returns when it is gone. */
export async function stopPostmaster(
  cluster: Cluster,
  { pid }: Postmaster,
): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (!isPostgres(pid)) return;
    send(cluster, { pid, signal });
    const end = performance.now() + STOP_LIMIT_MS;
    while (isPostgres(pid)) {
      if (performance.now() > end) break;
      await pause(POLL_MS);
    }
  }
}

/** True when this process id is a Postgres (or, where the system does not say, is alive). */
export function isPostgres(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return /^Name:\s*postgres/m.test(status) && !/^State:\s*Z/m.test(status);
  } catch {
    return !existsSync("/proc/self/status") && isAlive(pid);
  }
}

async function launch(
  cluster: Cluster,
  port: number,
): Promise<Postmaster | string> {
  const logPath = logOf(cluster);
  const tooLong = fileSize(logPath) > LOG_LIMIT_BYTES;
  const log = openSync(logPath, tooLong ? "w" : "a", 0o600);
  const written = fileSize(logPath);
  handOver(logPath, cluster.account);
  const child = spawn(cluster.binaries.postgres, settings(cluster, port), {
    cwd: cluster.directory,
    env: postgresEnvironment(cluster.binaries),
    // Of its own group: a Ctrl-C in the terminal must not reach it before us.
    detached: true,
    stdio: ["ignore", log, log],
    ...(cluster.account ?? {}),
  });
  closeSync(log);
  const failed = await untilReady(cluster, child);
  if (failed === null) {
    child.unref();
    return { pid: child.pid ?? 0, port };
  }
  return failed + readFileSync(logPath).subarray(written).toString();
}

/** Waits until the server is ready (null) or gone (why). */
async function untilReady(
  cluster: Cluster,
  child: ChildProcess,
): Promise<string | null> {
  const ended: string[] = [];
  child.once("exit", (code, signal) => {
    ended.push(`postgres ended with ${String(code ?? signal)}\n`);
  });
  child.once("error", (error) => {
    ended.push(error.message);
  });
  const end = performance.now() + START_LIMIT_MS;
  for (;;) {
    await pause(POLL_MS);
    if (ended[0] !== undefined) return ended[0];
    const file = readPidFile(cluster.directory);
    if (file?.pid === child.pid && file?.ready === true) return null;
    if (performance.now() > end) {
      child.kill("SIGKILL");
      throw new ServerError(
        "TIMED_OUT",
        `The embedded database was not ready after ${START_LIMIT_MS / 1000} s (${logOf(cluster)})`,
      );
    }
  }
}

function settings(cluster: Cluster, port: number): string[] {
  const values: Readonly<Record<string, string | number>> = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 100,
    fsync: "on",
    password_encryption: "scram-sha-256",
    timezone: "UTC",
    log_timezone: "UTC",
    // Statements may carry personal data: the log holds causes, not values.
    // The message of a refused statement may quote a customer's value.
    log_min_messages: "fatal",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
  };
  return [
    "-D",
    cluster.directory,
    ...Object.entries(values).flatMap(([k, v]) => ["-c", `${k}=${v}`]),
  ];
}

function readPidFile(directory: string): PidFile | null {
  try {
    const text = readFileSync(join(directory, "postmaster.pid"), "utf8");
    const lines = text.split("\n");
    return {
      pid: Number(lines[0]),
      port: Number(lines[3]),
      ready: lines[7]?.trim() === "ready",
    };
  } catch {
    // Not there, or replaced while we read: the caller looks again.
    return null;
  }
}

function send(
  { binaries, directory }: Cluster,
  { pid, signal }: { pid: number; signal: "SIGINT" | "SIGQUIT" | "SIGKILL" },
): void {
  if (process.platform === "win32" && signal === "SIGINT") {
    spawnSync(binaries.pgCtl, ["stop", "-D", directory, "-m", "fast"]);
    return;
  }
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone, which is what was asked.
  }
}

/** The wanted port if nobody listens there, else one that the system chooses. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error) => {
      if (wanted === 0) reject(error);
      else resolve(freePort(0));
    });
    probe.listen({ port: wanted, host: "127.0.0.1" }, () => {
      const address = probe.address();
      probe.close(() => {
        resolve(
          typeof address === "object" && address !== null ? address.port : 0,
        );
      });
    });
  });
}

function logOf(cluster: Cluster): string {
  return join(dirname(cluster.directory), "postgres.log");
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** On a full disk the log may be empty, so the disk itself is asked. */
function fullDisk({ directory }: Cluster): string {
  const { bavail, bsize } = statfsSync(dirname(directory));
  return bavail * bsize < 1_000_000 ? "\nNo space left on device" : "";
}

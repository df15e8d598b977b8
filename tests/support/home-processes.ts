import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { directoryElsewhere } from "@recsys/store";

/** The processes of an embedded database, as its home names them. */
export interface HomeProcesses {
  readonly supervisor: number;
  readonly postgres: number;
  /** Where the database files are. */
  readonly directory: string;
}

/** What server.json of a home says; null before the first start. */
export function processesOf(home: string): HomeProcesses | null {
  const file = join(home, "server.json");
  if (!existsSync(file)) return null;
  const state = JSON.parse(readFileSync(file, "utf8")) as {
    readonly supervisorPid: number;
    readonly postgresPid: number;
    readonly directory: string;
  };
  return {
    supervisor: state.supervisorPid,
    postgres: state.postgresPid,
    directory: state.directory,
  };
}

/** True while the process runs; one that ended and was not collected does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** kill -9 of a process whose command line names the folder: ids are used again, others' processes stay. */
export function killOf(folder: string, pid: number): void {
  if (isRunning(pid) && commandLine(pid).includes(folder)) {
    process.kill(pid, "SIGKILL");
  }
}

/** Removes a home, ends what a failed test left of its database, and removes the files of that, which may lie elsewhere. */
export function removeHome(home: string): void {
  const found = processesOf(home);
  if (found !== null) {
    killOf(home, found.supervisor);
    killOf(found.directory, found.postgres);
  }
  for (const path of [directoryElsewhere(home), home]) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** The processes of a home's database that still run. */
export function leftOver(home: string): number[] {
  const found = processesOf(home);
  if (found === null) return [];
  return [found.supervisor, found.postgres].filter((pid) => isRunning(pid));
}

/** Waits for the end of the home's database; its supervisor says good-bye a moment before it is gone. */
export async function untilGone(home: string): Promise<void> {
  for (const end = performance.now() + 5_000; leftOver(home).length > 0;) {
    if (performance.now() > end) {
      throw new Error(`still running: ${leftOver(home).join(", ")}`);
    }
    await pause(20);
  }
}

/** Without /proc there is nothing to check against. */
function commandLine(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

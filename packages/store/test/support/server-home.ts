import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import {
  isRunning,
  removeHome,
} from "../../../../tests/support/home-processes.ts";

/** What a product process of a test said about the server it joined. */
export interface Joined {
  readonly child: ChildProcess;
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly port: number;
  readonly notes: readonly string[];
  /** Leaves in good order and waits for the end of the process. */
  leave(): Promise<void>;
  /** kill -9, and waits until the process is gone. */
  kill(): Promise<void>;
}

interface Answer {
  readonly appUrl?: string;
  readonly ownerUrl?: string;
  readonly port?: number;
  readonly note?: string;
  readonly code?: string;
  readonly message?: string;
}

const MEMBER = fileURLToPath(new URL("member.ts", import.meta.url));
const LIMIT_MS = 30_000;

/** A directory for one embedded server, which is gone with its processes at the end. */
export class ServerHome {
  readonly path: string;
  readonly #children: ChildProcess[] = [];

  constructor(path?: string) {
    this.path = path ?? mkdtempSync(join(tmpdir(), "recsys-home-"));
    chmodSync(this.path, 0o711);
  }

  /** Starts a product process; rejects with what it said when it could not join. */
  async join(fileSizeLimit?: number): Promise<Joined> {
    const limit =
      fileSizeLimit === undefined ? "" : `ulimit -f ${fileSizeLimit};`;
    const child = spawn(
      "sh",
      ["-c", `${limit} exec "$0" "$@"`, process.execPath, MEMBER, this.path],
      { stdio: ["pipe", "pipe", "inherit"] },
    );
    this.#children.push(child);
    const notes: string[] = [];
    const said = await answer(child, notes);
    const { appUrl, ownerUrl, port } = said;
    if (appUrl === undefined || ownerUrl === undefined || port === undefined) {
      throw Object.assign(new Error(said.message), { code: said.code });
    }
    return {
      child,
      appUrl,
      ownerUrl,
      port,
      notes,
      async leave() {
        child.stdin.end();
        await gone(child);
      },
      async kill() {
        child.kill("SIGKILL");
        await gone(child);
      },
    };
  }

  /** The recorded state: process ids and port. */
  state(): {
    readonly supervisorPid: number;
    readonly postgresPid: number;
    readonly port: number;
    readonly directory: string;
  } {
    return JSON.parse(
      readFileSync(join(this.path, "server.json"), "utf8"),
    ) as ReturnType<ServerHome["state"]>;
  }

  /** Ends what is left of this home's own processes and removes the directory. */
  async remove(): Promise<void> {
    for (const child of this.#children) {
      if (isAlive(child)) child.kill("SIGKILL");
    }
    if (existsSync(join(this.path, "server.json"))) {
      const { supervisorPid, postgresPid } = this.state();
      await until(() => !isRunning(supervisorPid)).catch(() => {
        signal(supervisorPid, "SIGKILL");
      });
      if (isRunning(postgresPid)) signal(postgresPid, "SIGQUIT");
      await until(() => !isRunning(postgresPid));
    }
    removeHome(this.path);
  }
}

/** Waits for something that other processes do, at most half a minute. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + LIMIT_MS; !condition();) {
    if (performance.now() > end) throw new Error("waited too long");
    await pause(20);
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/** Runs one statement. */
export async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function answer(child: ChildProcess, notes: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let rest = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const said = JSON.parse(line) as Answer;
        if (said.note === undefined) resolve(said);
        else notes.push(said.note);
      }
    });
    child.once("close", () => {
      reject(new Error("the process ended without an answer"));
    });
  });
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function gone(child: ChildProcess): Promise<void> {
  if (isAlive(child)) await once(child, "exit");
}

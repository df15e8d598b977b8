import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Account, canReach } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { type Home, directoryElsewhere } from "./home.ts";
import { ServerError, failureFromText } from "./server-error.ts";

/** Superuser of the embedded server; only the supervisor logs in with it. */
export const ADMIN_ROLE = "recsys_admin";

/** Written last, so that a directory with it was initialised to the end. */
const COMPLETE = "recsys-complete";

/** A database directory together with the account and programs that run it. */
export interface Cluster {
  readonly directory: string;
  readonly account: Account | null;
  readonly binaries: Binaries;
  /** Tells the people who wait what is going on. */
  readonly note: (line: string) => void;
}

/**
 * The directory of the database files: `pg` under the home, or under
 * /var/lib/recsys when the database account cannot reach the home.
 */
export function clusterDirectory(home: Home, account: Account | null): string {
  const near = join(home.path, "pg");
  if (account === null || canReach(home.path, account)) return near;
  return join(directoryElsewhere(home.path), "pg");
}

/**
 * Leaves a complete, initialised directory: initdb runs in a temporary one that
 * is renamed at the end, so an interrupted run leaves nothing that looks whole.
 * Files that are there but unfinished are moved aside, never deleted.
 */
export async function ensureCluster(
  cluster: Cluster,
  password: string,
): Promise<void> {
  const { directory } = cluster;
  removeDrafts(directory);
  if (isComplete(directory)) {
    requireSound(cluster);
    return;
  }
  if (existsSync(directory)) setAside(cluster);
  cluster.note(`creating a database in ${directory}`);
  mkdirSync(dirname(directory), { recursive: true, mode: 0o711 });
  const draft = `${directory}.draft-${process.pid}`;
  try {
    await initialise(cluster, draft, password);
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** True when the directory was initialised to the end. */
export function isComplete(directory: string): boolean {
  return existsSync(join(directory, COMPLETE));
}

/** Sets the superuser's password without knowing the old one; the server must be down. */
export async function resetPassword(
  cluster: Cluster,
  password: string,
): Promise<void> {
  cluster.note("the recorded password is gone: setting a new one");
  const output = await run(cluster, {
    program: cluster.binaries.postgres,
    args: ["--single", "-D", cluster.directory, "postgres"],
    input: `alter role ${ADMIN_ROLE} password '${password}'\n`,
  });
  if (output.code !== 0) throw failureFromText(output.text, cluster.directory);
}

/** Gives a path to the account that runs the database. */
export function handOver(path: string, account: Account | null): void {
  if (account !== null) chownSync(path, account.uid, account.gid);
}

/** Environment of the Postgres programs: nothing of ours leaks into them. */
export function postgresEnvironment(binaries: Binaries): NodeJS.ProcessEnv {
  return { LD_LIBRARY_PATH: binaries.libraries, LC_ALL: "C", TZ: "UTC" };
}

async function initialise(
  cluster: Cluster,
  draft: string,
  password: string,
): Promise<void> {
  mkdirSync(draft, { mode: 0o700 });
  handOver(draft, cluster.account);
  const secret = `${draft}.password`;
  try {
    writeFileSync(secret, password, { mode: 0o600 });
    handOver(secret, cluster.account);
    const output = await run(cluster, {
      program: cluster.binaries.initdb,
      args: [
        `--pgdata=${draft}`,
        `--username=${ADMIN_ROLE}`,
        `--pwfile=${secret}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
      ],
      input: "",
    });
    if (output.code !== 0) throw failureFromText(output.text, draft);
  } finally {
    rmSync(secret, { force: true });
  }
  writeFileSync(join(draft, COMPLETE), "");
}

function removeDrafts(directory: string): void {
  const parent = dirname(directory);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith("pg.draft-")) continue;
    rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function setAside(cluster: Cluster): void {
  const { directory } = cluster;
  if (readdirSync(directory).length === 0) {
    rmSync(directory, { recursive: true });
    return;
  }
  let aside = `${directory}.incomplete-1`;
  for (let n = 2; existsSync(aside); n++)
    aside = `${directory}.incomplete-${n}`;
  renameSync(directory, aside);
  cluster.note(`${directory} was only half initialised and is now ${aside}`);
}

function requireSound({ directory, binaries }: Cluster): void {
  if (!existsSync(join(directory, "global", "pg_control"))) {
    throw new ServerError(
      "DAMAGED",
      `The database directory ${directory} has lost files (global/pg_control)`,
    );
  }
  const major = Number(readFileSync(join(directory, "PG_VERSION"), "utf8"));
  if (major !== binaries.majorVersion) {
    throw new ServerError(
      "WRONG_VERSION",
      `The database in ${directory} is of Postgres ${major}, this release brings ${binaries.majorVersion}`,
    );
  }
}

interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly input: string;
}

/** Runs a Postgres program as its account and collects what it says. */
function run(
  cluster: Cluster,
  { program, args, input }: Run,
): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: dirname(cluster.binaries.postgres),
      env: postgresEnvironment(cluster.binaries),
      ...(cluster.account ?? {}),
    });
    let text = "";
    const collect = (chunk: Buffer) => (text += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, text });
    });
    child.stdin.on("error", () => undefined); // The program ended first; its exit code tells.
    child.stdin.end(input);
  });
}

import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ServerError, toServerError } from "./server-error.ts";

/** Where the embedded server of one home directory keeps its things. */
export interface Home {
  readonly path: string;
  /** What the next process needs to join: port, process ids, password. */
  readonly stateFile: string;
  readonly lockFile: string;
  readonly logFile: string;
  /** Unix socket or named pipe of the supervisor. */
  readonly socket: string;
}

export interface ServerState {
  readonly port: number;
  readonly supervisorPid: number;
  readonly postgresPid: number;
  readonly password: string;
  /** Where the database files are; differs from the home when that is out of reach for its user. */
  readonly directory: string;
}

/** A socket path longer than this is refused by the system (104 on macOS, 108 on Linux). */
const SOCKET_PATH_LIMIT = 100;

/** Names the files of a home directory and makes sure that the directory is there. */
export function openHome(home: string): Home {
  const path = resolve(home);
  try {
    // Others may pass through (the database user must), but see nothing.
    mkdirSync(path, { recursive: true, mode: 0o711 });
    return {
      path,
      stateFile: join(path, "server.json"),
      lockFile: join(path, "server.lock"),
      logFile: join(path, "server.log"),
      socket: socketOf(path),
    };
  } catch (error) {
    throw toServerError(error, path);
  }
}

/** The recorded state, or null when there is none or it cannot be read. */
export function readState(home: Home): ServerState | null {
  try {
    const value: unknown = JSON.parse(readFileSync(home.stateFile, "utf8"));
    return isState(value) ? value : null;
  } catch {
    // A missing or damaged file is no loss: the supervisor makes a new one.
    return null;
  }
}

/** Replaces the recorded state in one step; only this user may read it. */
export function writeState(home: Home, state: ServerState): void {
  const draft = `${home.stateFile}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(state, null, 2)}\n`, {
      mode: 0o600,
    });
    renameSync(draft, home.stateFile);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Where the database of a home goes when the account of Postgres cannot reach the home. */
export function directoryElsewhere(home: string): string {
  return join("/var/lib/recsys", hashOfPath(resolve(home)));
}

function hashOfPath(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}

function socketOf(path: string): string {
  if (process.platform === "win32") {
    return `\\\\.\\pipe\\recsys-${hashOfPath(path)}`;
  }
  const near = join(path, "server.sock");
  if (near.length <= SOCKET_PATH_LIMIT) return near;
  return join(privateDirectory(hashOfPath(path)), "server.sock");
}

/** A directory under the system's temporary one that nobody else can have prepared for us. */
function privateDirectory(name: string): string {
  const uid = process.getuid?.() ?? 0;
  const path = join(tmpdir(), `recsys-${uid}-${name}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== uid) {
    throw new ServerError("NOT_PERMITTED", `${path} belongs to somebody else`);
  }
  return path;
}

function isState(value: unknown): value is ServerState {
  if (typeof value !== "object" || value === null) return false;
  const { port, password, directory } = value as Record<string, unknown>;
  return (
    typeof port === "number" &&
    typeof password === "string" &&
    typeof directory === "string"
  );
}

import { spawn } from "node:child_process";
import { type Socket, connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { messageOf } from "@recsys/contracts";
import { type Home, openHome, readState } from "./home.ts";
import { APP_ROLE, OWNER_ROLE, serverUrl } from "./prepare.ts";
import { LEAVE, type SupervisorMessage, lineReader } from "./protocol.ts";
import {
  SERVER_FAILURES,
  ServerError,
  type ServerFailure,
  failureFromText,
} from "./server-error.ts";

/** The embedded server as a product process sees it. */
export interface RunningServer {
  /** Connection string of the runtime role. */
  readonly appUrl: string;
  /** Connection string of the role that owns the schema; for migrations only. */
  readonly ownerUrl: string;
  readonly port: number;
  /** Says good-bye; the last process to leave waits until the server has stopped. */
  leave(): Promise<void>;
}

export interface StartOptions {
  /** RECSYS_HOME: the directory that belongs to this server alone. */
  readonly home: string;
  readonly log: (line: string) => void;
}

const JOIN_LIMIT_MS = 90_000;
const RETRY_MS = 25;

/**
 * Joins the embedded server of a home directory, or starts it: one server, no
 * matter how many processes ask at once. Throws ServerError with one sentence
 * that says what to do.
 */
export async function startServer(
  options: StartOptions,
): Promise<RunningServer> {
  const home = openHome(options.home);
  const member = new Member(home, options.log);
  const port = await member.join();
  const state = readState(home);
  if (state === null) {
    throw new ServerError("FAILED", `${home.stateFile} cannot be read`);
  }
  return {
    appUrl: serverUrl({ ...state, port }, APP_ROLE),
    ownerUrl: serverUrl({ ...state, port }, OWNER_ROLE),
    port,
    leave: () => member.leave(),
  };
}

/** One process's connection to the supervisor; its loss means that the process is gone. */
class Member {
  readonly #home: Home;
  readonly #log: (line: string) => void;
  #socket: Socket | null = null;
  #leaving = false;

  constructor(home: Home, log: (line: string) => void) {
    this.#home = home;
    this.#log = log;
  }

  /** Returns the port once the server is ready. */
  async join(): Promise<number> {
    const end = performance.now() + JOIN_LIMIT_MS;
    while (performance.now() < end) {
      const socket = await dial(this.#home.socket);
      if (socket === null) {
        if ((await launch(this.#home)) === "busy") await pause(RETRY_MS);
        continue;
      }
      const port = await greeting(socket, this.#log);
      if (port !== null) {
        this.#keep(socket);
        return port;
      }
      await pause(RETRY_MS);
    }
    throw new ServerError(
      "LOCKED",
      `Another process holds ${this.#home.lockFile} but does not answer`,
    );
  }

  leave(): Promise<void> {
    this.#leaving = true;
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.ref();
      socket.once("close", () => {
        resolve();
      });
      socket.write(LEAVE);
    });
  }

  /** Holds the connection, and joins again if the supervisor is killed: it would else stop nothing. */
  #keep(socket: Socket): void {
    this.#socket = socket;
    socket.unref();
    socket.resume();
    socket.once("close", () => {
      this.#socket = null;
      if (this.#leaving) return;
      this.#log(
        "the supervisor of the embedded database is gone: replacing it",
      );
      this.join().catch((error: unknown) => {
        this.#log(messageOf(error));
      });
    });
  }
}

/** Connects to the supervisor; null when there is none. */
function dial(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.on("error", () => {
      socket.destroy();
      resolve(null);
    });
  });
}

/** The port when the server is ready; null when this supervisor is on its way out. */
function greeting(
  socket: Socket,
  log: (line: string) => void,
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const read = lineReader((line) => {
      const message = JSON.parse(line) as SupervisorMessage;
      if (message.kind === "ready") {
        socket.off("data", read);
        resolve(message.port);
      } else if (message.kind === "note") {
        log(message.line);
      } else if (message.kind === "failed") {
        reject(ServerError.reported(message.code, message.message));
      }
    });
    socket.on("data", read);
    socket.once("close", () => {
      resolve(null);
    });
  });
}

/** Starts a supervisor that outlives us; resolves when it listens, or found another at work. */
function launch(home: Home): Promise<"listening" | "busy"> {
  return new Promise((resolve, reject) => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const entry = new URL(`./supervisor.${extension}`, import.meta.url);
    const child = spawn(process.execPath, [fileURLToPath(entry), home.path], {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      cwd: "/",
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    child.once("error", reject);
    child.stdout.on(
      "data",
      lineReader((line) => {
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        resolve(line === "busy" ? "busy" : "listening");
      }),
    );
    child.once("close", () => {
      reject(reported(errors, home));
    });
  });
}

function reported(errors: string, home: Home): ServerError {
  try {
    const { code, message } = JSON.parse(errors) as Record<string, string>;
    if (
      code !== undefined &&
      message !== undefined &&
      code in SERVER_FAILURES
    ) {
      return ServerError.reported(code as ServerFailure, message);
    }
  } catch {
    // Not a report but a crash: its text is all there is.
  }
  return failureFromText(errors, home.path);
}

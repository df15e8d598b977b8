import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { type Server, type Socket, createServer } from "node:net";
import { dirname } from "node:path";
import { type BroughtUp, bringUp } from "./bring-up.ts";
import { type Home, openHome } from "./home.ts";
import { holdsLock, releaseLock, takeLock } from "./lock-file.ts";
import { isPostgres, stopPostmaster } from "./postmaster.ts";
import {
  LEAVE,
  type LaunchLine,
  type SupervisorMessage,
  lineReader,
} from "./protocol.ts";
import { toServerError } from "./server-error.ts";

/** How long the server waits for somebody after its last process was lost. */
const GRACE_MS = 1_500;
/** How long a fresh supervisor waits for its first process. */
const FIRST_MS = 15_000;
const WATCH_MS = 250;
/** A server that falls over more often than this within a minute stays down. */
const RESTARTS_PER_MINUTE = 3;

/**
 * Owns one embedded server. Every product process holds a connection to its
 * socket; the kernel closes it even when the process is killed. When the last
 * one is gone the supervisor stops Postgres and ends.
 */
class Supervisor {
  readonly #home: Home;
  readonly #members = new Set<Socket>();
  readonly #server: Server;
  #up: BroughtUp | null = null;
  #last: SupervisorMessage = { kind: "starting" };
  /** What a process that joins during the start has missed. */
  readonly #notes: SupervisorMessage[] = [];
  #idle: NodeJS.Timeout | undefined;
  #restarts: number[] = [];
  #ending = false;

  constructor(home: Home) {
    this.#home = home;
    this.#server = createServer((socket) => {
      this.#welcome(socket);
    });
  }

  async run(): Promise<void> {
    await this.#listen();
    say("listening");
    this.#scheduleEnd(FIRST_MS);
    try {
      await this.#start();
    } catch (error) {
      const { code, message } = toServerError(error, this.#home.path);
      this.#tell({ kind: "failed", code, message });
      // Whoever launched us may not have called yet, and must hear why.
      if (this.#members.size > 0) await this.#end();
      else this.#scheduleEnd(FIRST_MS);
    }
  }

  /** Stops Postgres, tells everybody, releases the lock, and lets the process end. */
  async #end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    clearTimeout(this.#idle);
    if (this.#last.kind !== "failed") this.#tell({ kind: "stopping" });
    if (this.#up !== null) {
      await stopPostmaster(this.#up.cluster, this.#up.postmaster);
    }
    this.#log("stopped");
    this.#server.close();
    removeSocket(this.#home);
    releaseLock(this.#home.lockFile);
    // Ended last: whoever waits for the end of its connection finds all gone.
    for (const member of this.#members) member.end();
  }

  async #start(): Promise<void> {
    this.#up = await bringUp(this.#home, (line) => {
      this.#tell({ kind: "note", line });
    });
    this.#tell({ kind: "ready", port: this.#up.postmaster.port });
    this.#watch();
  }

  /** Restarts a server that died under us, and ends when the home was taken from us. */
  #watch(): void {
    const timer = setInterval(() => {
      if (this.#ending || this.#up === null) {
        clearInterval(timer);
      } else if (!holdsLock(this.#home.lockFile)) {
        clearInterval(timer);
        void this.#end();
      } else if (!isPostgres(this.#up.postmaster.pid)) {
        clearInterval(timer);
        void this.#restart();
      }
    }, WATCH_MS);
  }

  async #restart(): Promise<void> {
    const now = performance.now();
    this.#restarts = this.#restarts.filter((at) => now - at < 60_000);
    this.#restarts.push(now);
    this.#up = null;
    try {
      if (this.#restarts.length > RESTARTS_PER_MINUTE) {
        throw new Error("the database stopped several times within a minute");
      }
      this.#tell({ kind: "note", line: "the database stopped: restarting it" });
      await this.#start();
    } catch (error) {
      const { code, message } = toServerError(error, this.#home.logFile);
      this.#tell({ kind: "failed", code, message });
      await this.#end();
    }
  }

  #welcome(socket: Socket): void {
    this.#members.add(socket);
    clearTimeout(this.#idle);
    let graceMs = GRACE_MS;
    socket.on(
      "data",
      lineReader((line) => {
        if (`${line}\n` === LEAVE) {
          graceMs = 0;
          this.#part(socket, graceMs);
        }
      }),
    );
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#part(socket, graceMs);
      this.#members.delete(socket);
    });
    if (this.#last.kind !== "ready") {
      for (const note of this.#notes) send(socket, note);
    }
    send(socket, this.#last);
    if (this.#last.kind === "failed") void this.#end();
  }

  /** A process is gone. One that said so waits for our end of the line, so that it knows when all is over. */
  #part(socket: Socket, graceMs: number): void {
    if (!this.#members.has(socket) || this.#ending) return;
    const others = [...this.#members].filter((m) => m !== socket);
    if (others.length > 0) {
      if (graceMs === 0) socket.end();
    } else if (graceMs === 0 && this.#last.kind === "ready") {
      void this.#end();
    } else {
      this.#scheduleEnd(graceMs);
    }
  }

  #scheduleEnd(ms: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      void this.#end();
    }, ms);
  }

  #tell(message: SupervisorMessage): void {
    if (message.kind === "note") this.#notes.push(message);
    else this.#last = message;
    this.#log(message.kind === "note" ? message.line : JSON.stringify(message));
    for (const member of this.#members) send(member, message);
  }

  #log(line: string): void {
    try {
      const at = new Date().toISOString();
      appendFileSync(this.#home.logFile, `${at} ${process.pid} ${line}\n`);
    } catch {
      // A full disk must not stop the one process that can stop the database.
    }
  }

  async #listen(): Promise<void> {
    removeSocket(this.#home);
    if (process.platform !== "win32") {
      mkdirSync(dirname(this.#home.socket), { recursive: true, mode: 0o700 });
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#home.socket, resolve);
    });
    const end = () => void this.#end();
    process.on("SIGTERM", end).on("SIGINT", end).on("SIGHUP", end);
  }
}

/** Removes what a socket leaves; a named pipe leaves nothing. */
function removeSocket(home: Home): void {
  if (process.platform === "win32") return;
  rmSync(home.socket, { force: true });
  const directory = dirname(home.socket);
  if (directory !== home.path)
    rmSync(directory, { recursive: true, force: true });
}

function send(socket: Socket, message: SupervisorMessage): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

function say(line: LaunchLine): void {
  process.stdout.write(`${line}\n`);
}

// Nobody may be left to read what we print.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

const home = openHome(process.argv[2] ?? ".recsys");
try {
  if ("taken" in takeLock(home.lockFile)) {
    await new Supervisor(home).run();
  } else {
    say("busy");
  }
} catch (error) {
  releaseLock(home.lockFile);
  const { code, message } = toServerError(error, home.path);
  process.stderr.write(`${JSON.stringify({ code, message })}\n`);
  process.exitCode = 1;
}

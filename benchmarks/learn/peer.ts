import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Cost } from "./measure.ts";

const PACKAGES = ["implicit==0.7.3", "numpy", "scipy"];

export interface Peer {
  readonly name: string;
  /** Runs one task of peer.py and gives its answer. */
  ask(task: Readonly<Record<string, unknown>>): Promise<Cost & Answer>;
  close(): void;
}

interface Answer {
  readonly positions?: readonly number[];
}

/** `implicit` in a virtual environment of its own, made at the first run; a sentence where that cannot be. */
export function openPeer(folder: string): Peer | string {
  const python = join(folder, "bin", "python");
  if (!existsSync(python)) {
    const made = spawnSync("python3", ["-m", "venv", folder]);
    if (made.status !== 0) return "implicit is absent: no python3 with venv";
  }
  const pip = ["-m", "pip", "install", "--quiet", ...PACKAGES];
  const installed = spawnSync(python, pip, { encoding: "utf8" });
  if (installed.status !== 0) {
    return "implicit is absent: pip could not install it";
  }
  const child = spawn(python, [join(import.meta.dirname, "peer.py")], {
    stdio: ["pipe", "pipe", "inherit"],
    // implicit asks for this: its threads are its own.
    env: { ...process.env, OPENBLAS_NUM_THREADS: "1" },
  });
  const lines = createInterface({ input: child.stdout })[
    Symbol.asyncIterator
  ]();
  return {
    name: "implicit 0.7.3",
    async ask(task) {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the peer ended");
      return JSON.parse(value) as Cost & Answer;
    },
    close() {
      child.stdin.end();
    },
  };
}

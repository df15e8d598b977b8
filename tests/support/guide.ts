import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Product } from "./product.ts";

const root = join(import.meta.dirname, "../..");

interface Block {
  /** Why the guides' test does not run it; null where it does. */
  readonly notRun: string | null;
  readonly commands: string;
}

/** Every block fenced as `sh`; before some stands a comment `<!-- not run: why -->`. */
function blocksOf(text: string): Block[] {
  const found = text.matchAll(
    /(?:<!-- not run: ([^>]*?)-->\s*)?```sh\n([\s\S]*?)```/g,
  );
  return [...found].map(([, notRun, commands]) => ({
    notRun: notRun?.trim() ?? null,
    commands: commands ?? "",
  }));
}

/** The shell commands of a guide in order, but those that are not run. */
export function commandsOf(text: string): string[] {
  return blocksOf(text)
    .filter(({ notRun }) => notRun === null)
    .map(({ commands }) => commands);
}

/** The block of a guide that another test runs, and names itself in its comment. */
export function blockFor(test: string, guide: string): string {
  const block = blocksOf(readGuide(guide)).find(({ notRun }) =>
    notRun?.includes(test),
  );
  if (block === undefined) throw new Error(`${guide} has no block of ${test}`);
  return block.commands;
}

function readGuide(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Runs the commands of a guide against a running product, as a reader would, and gives what was printed. */
export async function runGuide(
  path: string,
  product: Product,
): Promise<{ code: number | null; output: string }> {
  const script = commandsOf(readGuide(path))
    .join("\n")
    .replaceAll("http://127.0.0.1:8000", product.url);
  const reader = startReader(product.home, product.environment, script);
  let output = "";
  reader.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  reader.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    reader.once("exit", resolve);
  });
  return { code, output };
}

/** A shell in a folder with the examples, where `npm run -s recsys --` is this product; the leader of its process group. */
export function startReader(
  home: string,
  environment: NodeJS.ProcessEnv,
  script: string,
): ChildProcess {
  const bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(import.meta.dirname, "curl.mjs"), join(bin, "curl"));
  writeFileSync(join(bin, "npm"), npmScript());
  for (const name of ["curl", "npm"]) chmodSync(join(bin, name), 0o755);
  const folder = join(home, "reader");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "examples"))) {
    symlinkSync(join(root, "examples"), join(folder, "examples"), "junction");
  }
  return spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd: folder,
    detached: true,
    env: {
      ...environment,
      REPOSITORY: root,
      PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(
        delimiter,
      ),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** `npm run -s recsys -- …` without npm's start-up, which is not what is tested. */
function npmScript(): string {
  return `#!/usr/bin/env bash\nshift 4\nexec "${process.execPath}" "$REPOSITORY/apps/cli/src/main.ts" "$@"\n`;
}

import { spawn } from "node:child_process";
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

/**
 * The shell commands of a guide in order: every block fenced as `sh`, but those
 * that a comment `<!-- not run: why -->` stands before.
 */
export function commandsOf(text: string): string[] {
  const blocks = text.matchAll(
    /(<!-- not run:[^>]*-->\s*)?```sh\n([\s\S]*?)```/g,
  );
  return [...blocks]
    .filter((block) => block[1] === undefined)
    .map((block) => block[2] ?? "");
}

/** Runs the commands of a guide against a running product, as a reader would, and gives what was printed. */
export async function runGuide(
  path: string,
  product: Product,
): Promise<{ code: number | null; output: string }> {
  const bin = join(product.home, "bin");
  mkdirSync(bin, { recursive: true });
  copyFileSync(join(import.meta.dirname, "curl.mjs"), join(bin, "curl"));
  writeFileSync(join(bin, "npm"), npmScript());
  for (const name of ["curl", "npm"]) chmodSync(join(bin, name), 0o755);
  const commands = commandsOf(readFileSync(join(root, path), "utf8")).join(
    "\n",
  );
  const script = commands.replaceAll("http://127.0.0.1:8000", product.url);
  const folder = join(product.home, "reader");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "examples"))) {
    symlinkSync(join(root, "examples"), join(folder, "examples"), "junction");
  }
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd: folder,
    env: {
      ...product.environment,
      REPOSITORY: root,
      PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(
        delimiter,
      ),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
  });
  return { code, output };
}

/** `npm run -s recsys -- …` without npm's start-up, which is not what is tested. */
function npmScript(): string {
  return `#!/usr/bin/env bash\nshift 4\nexec "${process.execPath}" "$REPOSITORY/apps/cli/src/main.ts" "$@"\n`;
}

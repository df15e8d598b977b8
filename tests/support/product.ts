import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeHome } from "./home-processes.ts";

const root = join(import.meta.dirname, "../..");
const main = join(root, "apps/cli/src/main.ts");

/** The whole product in a process of its own, as `npm start` runs it. */
export interface Product {
  readonly url: string;
  readonly home: string;
  /** Settings under which the command-line tool talks to this product. */
  readonly environment: NodeJS.ProcessEnv;
  readonly process: ChildProcess;
  /** Everything it printed so far. */
  readonly output: () => string;
  /** Ends it as Ctrl-C does and waits until it is gone; gives the exit code. */
  readonly stop: () => Promise<number | null>;
}

/** A folder of its own that is removed when the tests end. */
export function temporaryHome(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "recsys-product-"));
  chmodSync(path, 0o711); // The account that runs Postgres passes through.
  return {
    path,
    remove: () => {
      removeHome(path);
    },
  };
}

export interface StartWishes {
  readonly home: string;
  /** What follows `up`; the demonstration unless said. */
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** A free one unless said. */
  readonly port?: number;
}

/** Starts `recsys up` with the given arguments and waits until it is ready. */
export async function startProduct(
  about: StartWishes & { readonly withinMs?: number },
): Promise<Product> {
  const product = launchProduct(about, about.port ?? (await freePort()));
  await ready(product, about.withinMs ?? 240_000);
  return product;
}

/** Starts `recsys up` and does not wait for it. */
export function launchProduct(about: StartWishes, port: number): Product {
  const environment = {
    ...process.env,
    RECSYS_HOME: about.home,
    PORT: String(port),
    ...about.environment,
  };
  const child = spawn(
    process.execPath,
    [main, "up", ...(about.args ?? ["--demo"])],
    { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"] },
  );
  const lines: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  return {
    url: `http://127.0.0.1:${port}`,
    home: about.home,
    environment,
    process: child,
    output: () => lines.join(""),
    stop: () => stopped(child, "SIGINT"),
  };
}

/** How a run of the command-line tool ended. */
export interface ToolEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command-line tool to its end. */
export function runTool(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<ToolEnd> {
  return launchTool(args, environment).ended;
}

/** Starts the command-line tool, for those who watch or kill it. */
export function launchTool(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): { readonly process: ChildProcess; readonly ended: Promise<ToolEnd> } {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    process: child,
    ended: exit(child).then((code) => ({ code, stdout, stderr })),
  };
}

/** Sends the signal and waits until the process is gone. */
export async function stopped(
  child: ChildProcess,
  signal: NodeJS.Signals,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null)
    return child.exitCode;
  const gone = exit(child);
  child.kill(signal);
  return gone;
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("exit", resolve);
  });
}

/** Waits until the product answers that it is ready; rejects when it ends or takes too long. */
export async function ready(product: Product, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    const { exitCode, signalCode } = product.process;
    if (exitCode !== null || signalCode !== null) {
      throw new Error(`the product ended: ${product.output()}`);
    }
    const answer = await fetch(`${product.url}/readyz`).catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  product.process.kill("SIGKILL");
  throw new Error(`not ready within ${withinMs} ms: ${product.output()}`);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address !== null)
          resolve(address.port);
        else reject(new Error("no port"));
      });
    });
  });
}

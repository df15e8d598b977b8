import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

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
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Starts `recsys up` with the given arguments and waits until it is ready. */
export async function startProduct(about: {
  readonly home: string;
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly withinMs?: number;
}): Promise<Product> {
  const port = await freePort();
  const environment = {
    ...process.env,
    RECSYS_HOME: about.home,
    PORT: String(port),
    ...about.environment,
  };
  const child = spawn(
    process.execPath,
    [main, "up", ...(about.args ?? ["--demo"])],
    {
      cwd: root,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const lines: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => lines.push(chunk.toString()));
  const product: Product = {
    url: `http://127.0.0.1:${port}`,
    home: about.home,
    environment,
    process: child,
    output: () => lines.join(""),
    stop: () => stopped(child, "SIGINT"),
  };
  await ready(product, about.withinMs ?? 240_000);
  return product;
}

/** Runs the command-line tool to its end. */
export async function runTool(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await exit(child);
  return { code, stdout, stderr };
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

async function ready(product: Product, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (product.process.exitCode !== null) {
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

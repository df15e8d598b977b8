// Runs on any Node ≥ 18 with nothing installed: brings the packages and
// Node 24, builds the kernels and the console, then hands over. No imports but node:.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = [22, 18];

const TASKS = {
  start: (args) => ["apps/cli/src/main.ts", "up", "--demo", ...args],
  recsys: (args) => ["apps/cli/src/main.ts", ...args],
  test: (args) => ["scripts/verify.mjs", "all", ...args],
  check: (args) => ["scripts/verify.mjs", "fast", ...args],
  pack: (args) => ["scripts/pack.mjs", ...args],
  unit: (args) => ["node_modules/vitest/vitest.mjs", "run", ...args],
  docs: () => ["scripts/generate-docs.ts"],
  format: () => ["node_modules/prettier/bin/prettier.cjs", "--write", "."],
  bench: (args) => [benchmark(args[0]), ...args.slice(1)],
};

main();

function main() {
  const [task = "start", ...args] = process.argv.slice(2);
  if (!(task in TASKS)) fail(`unknown task ${task}`);
  refuseMusl();
  installPackages();
  const node = findNode();
  if (!["docs", "format"].includes(task)) buildKernels(node);
  if (["start", "test", "check", "pack"].includes(task)) buildConsole(node);
  run(node, TASKS[task](args));
}

/** The embedded database and DuckDB are built for glibc. */
function refuseMusl() {
  if (process.platform !== "linux") return;
  const report = process.report?.getReport();
  const header = typeof report === "object" ? report.header : undefined;
  if (header !== undefined && header.glibcVersionRuntime === undefined) {
    fail(
      "This Linux uses musl; RecSys Suite needs one with glibc, such as Debian or Ubuntu.",
    );
  }
}

function installPackages() {
  const lock = digest([join(root, "package-lock.json")]);
  const stamp = join(root, "node_modules", ".recsys-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  note("Installing packages (once; about half a minute) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(
    npm,
    ["ci", "--loglevel=error", "--no-audit", "--no-fund"],
    {
      cwd: root,
      stdio: ["ignore", process.stderr, "inherit"],
      shell: process.platform === "win32",
    },
  );
  if (done.status !== 0) {
    fail(
      "npm ci failed; its message is above. With the network back, run the same command again.",
    );
  }
  writeFileSync(stamp, lock);
}

/** Node 24 from the packages; otherwise the running one, if it is new enough. */
function findNode() {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const file = process.platform === "win32" ? "node.exe" : "node";
  const bundled = join(root, "node_modules", name, "bin", file);
  if (existsSync(bundled)) return bundled;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (
    major > LEAST_NODE[0] ||
    (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  ) {
    return process.execPath;
  }
  return fail(
    `Node ${LEAST_NODE.join(".")} or newer is needed and this is ${process.versions.node}; install Node 24 from nodejs.org.`,
  );
}

function buildKernels(node) {
  const script = join(root, "scripts", "build-kernels.mjs");
  const done = spawnSync(node, [script], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(1);
}

function buildConsole(node) {
  const app = join(root, "apps", "console");
  const sources = [
    ...filesUnder(join(app, "src")),
    join(app, "index.html"),
    join(app, "package.json"),
    join(app, "vite.config.ts"),
    ...filesUnder(join(root, "packages", "client", "src")),
  ];
  const stamp = join(app, "dist", ".sources");
  const wanted = digest(sources);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  note("Building the console …");
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const done = spawnSync(node, [vite, "build", "--logLevel", "warn"], {
    cwd: app,
    stdio: ["ignore", process.stderr, "inherit"],
    env: environment(node),
  });
  if (done.status !== 0) fail("The console could not be built; see above.");
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function run(node, args) {
  const child = spawn(node, args, {
    cwd: root,
    stdio: "inherit",
    env: environment(node),
  });
  // A terminal signals the child as well; this process only waits for it.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => {
    process.exit(code ?? (signal === "SIGINT" ? 130 : 1));
  });
}

/** The tools of the packages and their Node come first on the PATH. */
function environment(node) {
  const bin = join(root, "node_modules", ".bin");
  const path = [dirname(node), bin, process.env.PATH ?? ""].join(delimiter);
  return { ...process.env, PATH: path };
}

function benchmark(name) {
  const names = readdirSync(join(root, "benchmarks"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3));
  if (name !== undefined && names.includes(name))
    return `benchmarks/${name}.ts`;
  return fail(`Usage: npm run bench -- <name>, one of: ${names.join(", ")}`);
}

function digest(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    if (!existsSync(file)) continue;
    hash.update(file.slice(root.length)).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? filesUnder(path) : [path],
    );
}

function note(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  process.stderr.write(`recsys: ${line}\n`);
  process.exit(1);
}

// Makes the publishable tarballs: JavaScript and declarations by tsc, because
// Node does not strip types below node_modules. Usage: npm run pack -- <folder>
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = resolve(process.argv[2] ?? join(root, "dist", "tarballs"));
mkdirSync(target, { recursive: true });
const stage = mkdtempSync(join(tmpdir(), "recsys-pack-"));
try {
  run(process.execPath, [join(root, "scripts", "build-kernels.mjs")], root);
  compile();
  for (const folder of folders()) complete(folder);
  run(
    "npm",
    ["pack", "--silent", "--pack-destination", target, ...folders().map(local)],
    stage,
  );
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** What is published: the workspaces that are not private, by their paths from the root. */
function folders() {
  return ["packages", "apps"]
    .flatMap((kind) =>
      readdirSync(join(root, kind))
        .sort()
        .map((name) => join(kind, name)),
    )
    .filter((folder) => manifestOf(folder).private !== true);
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

/** npm takes a path without the dot for a repository on GitHub. */
function local(folder) {
  return `./${folder.replaceAll("\\", "/")}`;
}

/** Lays beside the JavaScript of a package what else belongs to it. */
function complete(folder) {
  const from = join(root, folder);
  const to = join(stage, folder);
  const manifest = manifestOf(folder);
  for (const extra of ["README.md", "migrations", "vectors", "assets"]) {
    if (existsSync(join(from, extra)))
      cpSync(join(from, extra), join(to, extra), { recursive: true });
  }
  const kernels = join("dist", "kernels.wasm");
  if (existsSync(join(from, kernels)))
    cpSync(join(from, kernels), join(to, kernels));
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  if (manifest.bin !== undefined) embedConsole(to);
  writeFileSync(
    join(to, "package.json"),
    JSON.stringify(published(manifest), null, 2),
  );
}

/** One program for all packages: they read each other's sources anyway. */
function compile() {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      incremental: false,
      tsBuildInfoFile: null,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir: stage,
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: folders().map((folder) => join(root, folder, "src")),
    exclude: ["test", "contract"].map((kind) =>
      join(root, `*/*/src/**/*.${kind}.ts`),
    ),
  };
  const file = join(stage, "tsconfig.json");
  writeFileSync(file, JSON.stringify(config));
  run("tsc", ["-p", file], root);
}

/** The manifest that npm sees: JavaScript instead of TypeScript at the door. */
function published(manifest) {
  const rest = { ...manifest };
  delete rest.devDependencies;
  const js = (path) => path.replace(/[.]ts$/, ".js");
  if (rest.exports !== undefined) {
    rest.exports = {
      ".": { types: "./src/index.d.ts", default: "./src/index.js" },
    };
  }
  if (rest.bin !== undefined)
    rest.bin = Object.fromEntries(
      Object.entries(rest.bin).map(([k, v]) => [k, js(v)]),
    );
  return { ...rest, engines: { node: ">=22.18" } };
}

function embedConsole(to) {
  const built = join(root, "apps", "console", "dist");
  if (existsSync(built))
    cpSync(built, join(to, "console"), { recursive: true });
  cpSync(join(root, "examples"), join(to, "examples"), { recursive: true });
}

function run(command, args, cwd) {
  const done = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed in ${cwd}`);
}

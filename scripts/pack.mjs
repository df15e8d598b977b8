// Makes the publishable tarballs: JavaScript and declarations by tsc, because
// Node does not strip types below node_modules. Usage: npm run pack -- <folder>
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
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
const stage = join(tmpdir(), `recsys-pack-${process.pid}`);

for (const folder of ["packages", "apps"]) {
  for (const name of readdirSync(join(root, folder)).sort()) {
    packOne(join(root, folder, name), join(stage, name));
  }
}
rmSync(stage, { recursive: true, force: true });

function packOne(from, to) {
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8"));
  if (manifest.private === true) return;
  mkdirSync(to, { recursive: true });
  compile(from, to);
  for (const extra of ["README.md", "migrations", "vectors", "assets"]) {
    if (existsSync(join(from, extra)))
      cpSync(join(from, extra), join(to, extra), { recursive: true });
  }
  cpSync(join(root, "LICENSE"), join(to, "LICENSE"));
  if (manifest.bin !== undefined) embedConsole(to);
  writeFileSync(
    join(to, "package.json"),
    JSON.stringify(published(manifest), null, 2),
  );
  run("npm", ["pack", "--silent", "--pack-destination", target], to);
}

function compile(from, to) {
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      incremental: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      tsBuildInfoFile: null,
      rootDir: join(from, "src"),
      outDir: join(to, "src"),
      typeRoots: [join(root, "node_modules/@types")],
    },
    include: [join(from, "src")],
    exclude: [
      join(from, "src/**/*.test.ts"),
      join(from, "src/**/*.contract.ts"),
    ],
  };
  const file = join(from, `tsconfig.pack-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(config));
  try {
    run("tsc", ["-p", file], root);
  } finally {
    rmSync(file);
  }
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

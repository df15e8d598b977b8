// Compiles the AssemblyScript of the kernels to WebAssembly, unless the
// compiled file is of these sources already. Usage: node scripts/build-kernels.mjs
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const assembly = join(root, "packages", "kernels", "assembly");
const dist = join(root, "packages", "kernels", "dist");
const compiler = join(root, "node_modules", "assemblyscript");

const wanted = digest();
const stamp = join(dist, ".sources");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  await build();
}

function digest() {
  const hash = createHash("sha256");
  hash.update(readFileSync(join(compiler, "package.json")));
  for (const name of readdirSync(assembly).sort()) {
    hash.update(name).update(readFileSync(join(assembly, name)));
  }
  return hash.digest("hex");
}

/** Written beside and renamed, so that nobody reads half a file. */
async function build() {
  process.stderr.write("Building the kernels …\n");
  mkdirSync(dist, { recursive: true });
  const made = `kernels.${process.pid}.wasm`;
  const { main } = await import("assemblyscript/asc");
  const { error, stderr } = await main([
    "index.ts",
    ...["--config", "asconfig.json"],
    ...["--baseDir", assembly],
    ...["--outFile", join("..", "dist", made)],
  ]);
  process.stderr.write(stderr.toString());
  if (error !== null) {
    process.stderr.write(`The kernels could not be built: ${error.message}\n`);
    process.exit(1);
  }
  renameSync(join(dist, made), join(dist, "kernels.wasm"));
  writeFileSync(stamp, wanted);
}

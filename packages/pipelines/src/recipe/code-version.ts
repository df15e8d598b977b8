import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Packages whose code decides the bytes of an artifact. */
const LEARNING_CODE = [
  "@recsys/contracts",
  "@recsys/kernels",
  "@recsys/learning",
] as const;

/**
 * Digest of the code that makes artifacts, 16 hexadecimal digits: equal code
 * has an equal version on every machine, and a changed learner never passes
 * for the one that made an older artifact.
 */
export async function learningCodeVersion(): Promise<string> {
  const hash = createHash("sha256");
  const own = dirname(dirname(fileURLToPath(import.meta.url)));
  const folders = [
    ...LEARNING_CODE.map((name) =>
      dirname(fileURLToPath(import.meta.resolve(name))),
    ),
    join(own, "interactions"),
  ];
  for (const folder of folders) {
    for (const name of await codeFiles(folder)) {
      hash.update(name).update(await readFile(join(folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

async function codeFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter(
      (name) =>
        /\.(ts|js|wasm)$/.test(name) && !/\.(test|contract|d)\./.test(name),
    )
    .sort();
}

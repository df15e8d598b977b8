import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Writes a page that names people: whole or not at all, for its owner alone to read. */
export async function writePage(path: string, text: string): Promise<string> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(`${target}.part`, text, { mode: 0o600 });
  await rename(`${target}.part`, target);
  return target;
}

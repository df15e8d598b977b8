import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { canonicalJson, type Json } from "@recsys/contracts";
import type { Tally } from "./tally.ts";

/** How far an import has come; everything up to it is committed. */
export interface Checkpoint {
  /** Index into the files of the import. */
  readonly file: number;
  /** Last line of that file whose rows are written. */
  readonly line: number;
  readonly errorBytes: number;
  readonly timeOffsetDays: number;
  readonly tally: Tally;
}

export interface ProgressFile {
  read(): Promise<Checkpoint | undefined>;
  write(checkpoint: Checkpoint): Promise<void>;
  /** The import is complete: the next one starts from the beginning. */
  remove(): Promise<void>;
}

/** The file is named by what is imported, from where, how and to whom: another question never resumes this one. */
export function progressFile(folder: string, identity: Json): ProgressFile {
  const key = createHash("sha256")
    .update(canonicalJson(identity))
    .digest("hex");
  const path = join(folder, `${key.slice(0, 32)}.json`);
  return {
    read: async () => {
      const text = await readFile(path, "utf8").catch(() => undefined);
      return text === undefined ? undefined : (JSON.parse(text) as Checkpoint);
    },
    write: async (checkpoint) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, JSON.stringify(checkpoint));
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

/** For imports that do not resume. */
export function noProgressFile(): ProgressFile {
  return {
    read: () => Promise.resolve(undefined),
    write: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  };
}

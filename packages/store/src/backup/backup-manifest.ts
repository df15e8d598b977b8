import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { BackupError } from "./backup-error.ts";

/** What a backup holds, in `manifest.json` of its directory; written last, so that a backup without it is none. */
export interface BackupManifest {
  readonly format: 1;
  /** The schema that the rows belong to. */
  readonly migrations: readonly {
    readonly name: string;
    readonly checksum: string;
  }[];
  /** In the order in which the migrations made them, so that references find their targets. */
  readonly tables: readonly TableCopy[];
  /** Partitions that held rows, by a moment within. */
  readonly partitions: readonly {
    readonly parent: string;
    readonly moment: string;
  }[];
  readonly sequences: readonly {
    readonly name: string;
    readonly next: string;
  }[];
  /** Objects outside the database, by the label of their store. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
}

export interface TableCopy {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Compressed text rows, relative to the backup. */
  readonly file: string;
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** Keys of erased people, one JSON object a line; a later list may be applied to an older backup. */
export const ERASURES_FILE = "erasures.ndjson";
export const MANIFEST_FILE = "manifest.json";

/** Reads the manifest of a backup and verifies every file that it names. */
export async function openBackup(directory: string): Promise<BackupManifest> {
  const manifest = readManifest(directory);
  for (const { file, sha256 } of manifest.tables) {
    if ((await hashOfFile(join(directory, file))) !== sha256) {
      throw new BackupError(
        "DAMAGED",
        `${file} of the backup ${directory} is not what was written: use another backup.`,
      );
    }
  }
  return manifest;
}

/** SHA-256 of a file as hexadecimal digits; of no file, the empty string. */
async function hashOfFile(path: string): Promise<string> {
  const digest = createHash("sha256");
  try {
    for await (const piece of createReadStream(path)) {
      digest.update(piece as Buffer);
    }
  } catch {
    // A file that cannot be read cannot have the recorded hash.
    return "";
  }
  return digest.digest("hex");
}

function readManifest(directory: string): BackupManifest {
  try {
    const text = readFileSync(join(directory, MANIFEST_FILE), "utf8");
    const manifest = JSON.parse(text) as { readonly format: unknown };
    if (manifest.format === 1) return manifest as BackupManifest;
  } catch (error) {
    throw notABackup(directory, error);
  }
  throw notABackup(directory);
}

function notABackup(directory: string, cause?: unknown): BackupError {
  return new BackupError(
    "NOT_A_BACKUP",
    `${directory} is not a complete backup of this product (no ${MANIFEST_FILE} that can be read).`,
    cause,
  );
}

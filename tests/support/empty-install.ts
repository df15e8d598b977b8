import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

interface LockEntry {
  /** Only where the folder is named otherwise. */
  readonly name?: string;
  readonly version?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly [more: string]: unknown;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

/**
 * Writes a package.json and a lock into the folder that install the tarballs
 * there with the versions of this repository, so that npm finds everything in
 * its cache and asks no registry.
 */
export function lockTarballs(folder: string): void {
  const lock = JSON.parse(
    readFileSync(join(root, "package-lock.json"), "utf8"),
  ) as Lock;
  const ours = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  const entries = new Map(ours.map((name) => entryOf(folder, name)));
  const dependencies = Object.fromEntries(
    ours.map((name) => [nameOf(folder, name), `file:${name}`]),
  );
  const others = Object.entries(lock.packages).flatMap(([path, entry]) => {
    const at = path.replace(/^apps\/cli\/node_modules\//, NESTED);
    const isOurs = entry.link === true || !at.startsWith("node_modules/");
    return isOurs || entry.dev === true
      ? []
      : [[at, { resolved: addressOf(path, entry), ...entry }] as const];
  });
  const project = { name: "empty", version: "1.0.0", private: true };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...project, dependencies }),
  );
  writeFileSync(
    join(folder, "package-lock.json"),
    JSON.stringify({
      ...project,
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { ...project, dependencies },
        ...Object.fromEntries(entries),
        ...Object.fromEntries(others),
      },
    }),
  );
}

/** Where npm puts what only the command needs in that version. */
const NESTED = "node_modules/recsys/node_modules/";

/** Where a registry has the package; npm then looks for its digest in the cache first. */
function addressOf(path: string, { name, version = "" }: LockEntry): string {
  const full = name ?? path.split("node_modules/").at(-1) ?? "";
  const short = full.split("/").at(-1) ?? "";
  return `https://registry.npmjs.org/${full}/-/${short}-${version}.tgz`;
}

function entryOf(folder: string, tarball: string): [string, LockEntry] {
  const manifest = manifestIn(folder, tarball);
  const digest = createHash("sha512")
    .update(readFileSync(join(folder, tarball)))
    .digest("base64");
  const { name, version, dependencies, bin } = manifest;
  return [
    `node_modules/${name}`,
    {
      version,
      resolved: `file:${tarball}`,
      integrity: `sha512-${digest}`,
      ...(dependencies === undefined ? {} : { dependencies }),
      ...(bin === undefined ? {} : { bin }),
    },
  ];
}

function nameOf(folder: string, tarball: string): string {
  return manifestIn(folder, tarball).name;
}

function manifestIn(folder: string, tarball: string) {
  const { stdout } = spawnSync(
    "tar",
    ["-xzOf", tarball, "package/package.json"],
    { cwd: folder },
  );
  return JSON.parse(stdout.toString()) as {
    readonly name: string;
    readonly version: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
}

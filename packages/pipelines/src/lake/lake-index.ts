import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "@recsys/contracts";
import { writeAtomically, type LakeDay } from "./lake-day.ts";
import type { LakeTable } from "./lake-table.ts";

/** The days of one table that are whole, by day (YYYY-MM-DD, UTC). */
export type LakeIndex = ReadonlyMap<string, LakeDay>;

interface IndexFile {
  readonly schema: 1;
  readonly days: Readonly<Record<string, LakeDay>>;
}

/** The folder of one tenant and namespace below the home of the product. */
export function lakeFolder(o: {
  readonly home: string;
  readonly tenant: string;
  readonly namespace: string;
}): string {
  return join(o.home, "lake", o.tenant, o.namespace);
}

/** Reads the index; a table that was never exported has no days. */
export async function readIndex(
  folder: string,
  table: LakeTable,
): Promise<LakeIndex> {
  try {
    const text = await readFile(indexPath(folder, table), "utf8");
    const { days } = JSON.parse(text) as IndexFile;
    return new Map(Object.entries(days));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

export async function writeIndex(
  folder: string,
  table: LakeTable,
  index: LakeIndex,
): Promise<void> {
  const file: IndexFile = { schema: 1, days: Object.fromEntries(index) };
  await writeAtomically(indexPath(folder, table), canonicalJson(file));
}

/** Removes the folders of days that the index does not name and the left-overs of a run that was killed. */
export async function removeUnindexed(
  folder: string,
  table: LakeTable,
  index: LakeIndex,
): Promise<void> {
  const root = join(folder, table.name);
  for (const entry of await readdir(root).catch(() => [])) {
    const day = entry.startsWith("day=") ? entry.slice("day=".length) : null;
    if (day !== null && !index.has(day)) {
      await rm(join(root, entry), { recursive: true, force: true });
    } else if (entry.endsWith(".part")) {
      await rm(join(root, entry), { force: true });
    } else if (day !== null) {
      await removeParts(join(root, entry));
    }
  }
}

async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(".part")) await rm(join(folder, name), { force: true });
  }
}

function indexPath(folder: string, table: LakeTable): string {
  return join(folder, table.name, "index.json");
}

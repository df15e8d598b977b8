import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, HOUR_MS, type ContentHash } from "@recsys/contracts";
import { writeAtomically } from "../lake/lake-day.ts";
import { keptObjects } from "./kept-objects.ts";
import type { GarbageOptions } from "./garbage-options.ts";

export interface GarbageResult {
  readonly kept: number;
  /** Unnamed, within the grace period. */
  readonly waiting: number;
  readonly removed: readonly ContentHash[];
  readonly bytesFreed: number;
}

const GRACE_HOURS = 24;

/**
 * Removes objects that no kept manifest names. An object store tells no ages,
 * so the moment an object was first found unnamed is written down, and it goes
 * when the grace period has passed since; a lost note only starts it anew.
 */
export async function collectGarbage(
  options: GarbageOptions,
): Promise<GarbageResult> {
  const kept = await keptObjects(options);
  const graceMs = (options.graceHours ?? GRACE_HOURS) * HOUR_MS;
  const before = await readNotes(options);
  const notes: Record<string, number> = {};
  const removed: ContentHash[] = [];
  let bytesFreed = 0;
  for await (const { hash, bytes } of options.objects.list()) {
    if (kept.has(hash)) continue;
    const since = Math.min(before[hash] ?? options.now, options.now);
    if (options.now - since < graceMs) notes[hash] = since;
    else {
      await options.objects.remove(hash);
      removed.push(hash);
      bytesFreed += bytes;
    }
  }
  await writeAtomically(notesPath(options), canonicalJson(notes));
  const waiting = Object.keys(notes).length;
  return { kept: kept.size, waiting, removed, bytesFreed };
}

function notesPath(options: GarbageOptions): string {
  return join(options.home, "lake", options.tenant, "unnamed-objects.json");
}

async function readNotes(
  options: GarbageOptions,
): Promise<Readonly<Record<string, number>>> {
  try {
    const text = await readFile(notesPath(options), "utf8");
    return JSON.parse(text) as Record<string, number>;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent || error instanceof SyntaxError) return {};
    throw error;
  }
}

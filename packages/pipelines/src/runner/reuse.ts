import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "@recsys/contracts";
import { writeAtomically } from "../lake/lake-day.ts";
import type { ArtifactRef, Run } from "./run.ts";

/**
 * The artifact that the same input, parameters and code made before, when its
 * object is still there. The memory is one file per input in the lake's
 * folder; what is lost from it is learned again.
 */
export async function reusable(
  run: Run,
  key: unknown,
): Promise<ArtifactRef | null> {
  try {
    const text = await readFile(memoryPath(run, key), "utf8");
    const known = JSON.parse(text) as ArtifactRef;
    return (await run.objects.has(known.hash)) ? known : null;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Remembers what an input was learned into. */
export async function rememberArtifact(
  run: Run,
  key: unknown,
  ref: ArtifactRef,
): Promise<void> {
  await writeAtomically(memoryPath(run, key), canonicalJson(ref));
}

function memoryPath(run: Run, key: unknown): string {
  const input = createHash("sha256").update(canonicalJson(key)).digest("hex");
  return join(run.lakeFolder, "learned", `${input}.json`);
}

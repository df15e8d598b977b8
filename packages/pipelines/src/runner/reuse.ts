import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson, type Json } from "@recsys/contracts";
import { writeAtomically } from "../lake/lake-day.ts";
import type { ArtifactRef, Run } from "./run.ts";

/**
 * What was made of which input: one small file per input in the lake's folder,
 * named by the hash of the input. Only a memory: what is lost from it is made
 * again.
 */
export async function recall<T>(
  run: Pick<Run, "lakeFolder">,
  input: unknown,
): Promise<T | null> {
  try {
    return JSON.parse(await readFile(memoryPath(run, input), "utf8")) as T;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isAbsent || error instanceof SyntaxError) return null;
    throw error;
  }
}

export async function remember(
  run: Pick<Run, "lakeFolder">,
  input: unknown,
  made: Json,
): Promise<void> {
  await writeAtomically(memoryPath(run, input), canonicalJson(made));
}

/** The object that the same input, parameters and code made before, when it is still there and the run may reuse it. */
export async function reusable(
  run: Run,
  input: unknown,
): Promise<ArtifactRef | null> {
  if (run.force) return null;
  const known = await recall<{ hash: ArtifactRef["hash"]; bytes: number }>(
    run,
    input,
  );
  if (known === null) return null;
  // Read, not only looked for: a damaged object is learned again and repaired.
  return (await run.objects.check(known.hash)) === "whole" ? known : null;
}

function memoryPath(run: Pick<Run, "lakeFolder">, input: unknown): string {
  const digest = createHash("sha256").update(canonicalJson(input));
  return join(run.lakeFolder, "learned", `${digest.digest("hex")}.json`);
}

import type { ContentHash, Manifest } from "@recsys/contracts";
import type { ObjectStore } from "@recsys/store";

/** An artifact that a manifest names and nobody can load. */
export interface BrokenArtifact {
  readonly signal: string;
  readonly hash: string;
  readonly state: "missing" | "damaged";
}

/** Artifacts of the manifest that are not in the object store as its hashes say, in order of their names; each is read whole. */
export async function brokenArtifacts(
  objects: ObjectStore,
  manifest: Pick<Manifest, "artifacts">,
): Promise<readonly BrokenArtifact[]> {
  const broken: BrokenArtifact[] = [];
  for (const [signal, { hash }] of Object.entries(manifest.artifacts).sort()) {
    const state = await objects.check(hash as ContentHash);
    if (state !== "whole") broken.push({ signal, hash, state });
  }
  return broken;
}

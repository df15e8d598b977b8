import type { Manifest } from "@recsys/contracts";

export interface ManifestDifference {
  /** `artifacts.<signal>`, `as_of`, `recipe.<part>` or `evaluation`. */
  readonly part: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two manifests, sorted by part; an empty list means that they serve the same. */
export function diffManifests(
  before: Manifest,
  after: Manifest,
): ManifestDifference[] {
  const a = parts(before);
  const b = parts(after);
  const names = [...new Set([...a.keys(), ...b.keys()])].sort();
  return names.flatMap((part) => {
    const was = a.get(part) ?? null;
    const is = b.get(part) ?? null;
    if (was === is) return [];
    const kind = was === null ? "added" : is === null ? "removed" : "changed";
    return [{ part, kind, before: was, after: is } as const];
  });
}

function parts(manifest: Manifest): Map<string, string> {
  const entries = Object.entries(manifest.artifacts).map(
    ([name, { hash }]) => [`artifacts.${name}`, hash] as const,
  );
  const map = new Map<string, string>(entries);
  map.set("as_of", new Date(manifest.as_of).toISOString());
  map.set("recipe.code_version", manifest.recipe.code_version);
  map.set("recipe.jobs", manifest.recipe.jobs.join(", "));
  map.set("recipe.parameters_hash", manifest.recipe.parameters_hash);
  if (manifest.evaluation !== null) map.set("evaluation", manifest.evaluation);
  return map;
}

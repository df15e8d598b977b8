import { DAY_MS, type Manifest } from "@recsys/contracts";
import {
  listPointers,
  versionContent,
  versionHistory,
  type TenantTx,
  type VersionEntry,
} from "@recsys/store";
import type { GarbageOptions } from "./garbage-options.ts";
import { listPins } from "./pins.ts";

const KEEP_VERSIONS = 10;
const ALL = 1_000_000;

/** Hashes of all objects that a kept manifest of any of the tenant's namespaces names: live, newest, live within the replay days, pinned. */
export async function keptObjects(
  options: GarbageOptions,
): Promise<ReadonlySet<string>> {
  return options.store.inTenant(options.tenant, async (tx) => {
    const kept = new Set<string>();
    const pinned = new Set((await listPins(tx)).map(({ hash }) => hash));
    for (const live of await listPointers(tx)) {
      if (live.pointer !== "manifest") continue;
      const address = {
        namespace: live.namespace,
        pointer: "manifest",
      } as const;
      const history = await versionHistory(tx, address, ALL);
      const versions = keptVersions(history, options);
      for (const entry of history) {
        const isKept =
          versions.has(entry.version) ||
          entry.version === live.version ||
          pinned.has(entry.hash);
        if (isKept)
          await addNamed(tx, { kept, entry, namespace: live.namespace });
      }
    }
    return kept;
  });
}

/** Newest first: the last N, and every version that was live at some moment of the replay days. */
function keptVersions(
  history: readonly VersionEntry[],
  options: GarbageOptions,
): ReadonlySet<number> {
  const cutoff = options.now - options.replayDays * DAY_MS;
  const newest = options.keepVersions ?? KEEP_VERSIONS;
  const kept = history.filter((_, at) => {
    const replacedAt = history[at - 1]?.createdAt ?? Infinity;
    return at < newest || replacedAt >= cutoff;
  });
  return new Set(kept.map(({ version }) => version));
}

async function addNamed(
  tx: TenantTx,
  o: {
    readonly kept: Set<string>;
    readonly entry: VersionEntry;
    readonly namespace: string;
  },
): Promise<void> {
  const address = { namespace: o.namespace, pointer: "manifest" } as const;
  const version = await versionContent(tx, address, o.entry.version);
  if (version === null) return;
  const manifest = version.content as Manifest;
  o.kept.add(o.entry.hash);
  o.kept.add(manifest.recipe.parameters_hash);
  if (manifest.evaluation !== null) o.kept.add(manifest.evaluation);
  for (const { hash } of Object.values(manifest.artifacts)) o.kept.add(hash);
}

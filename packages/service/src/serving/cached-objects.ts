import { type ContentHash } from "@recsys/contracts";
import { fsObjects, type ObjectStore } from "@recsys/store";

/**
 * Artifacts of a DB-only tenant, kept on disk as well: a restart does not read
 * them from Postgres again, and serves while that is away.
 */
export function cachedObjects(
  objects: ObjectStore,
  directory: string,
): Pick<ObjectStore, "get"> & {
  readonly prune: (kept: ReadonlySet<string>) => Promise<void>;
} {
  const disk = fsObjects(directory);
  return {
    async get(hash: ContentHash, allocate) {
      if (await disk.has(hash)) {
        // A damaged copy is no reason to fail: the original is read instead.
        const copy = await disk.get(hash, allocate).catch(() => null);
        if (copy !== null) return copy;
        await disk.remove(hash);
      }
      const bytes = await objects.get(hash, allocate);
      // Shared memory cannot be hashed in place.
      await disk.put(Buffer.from(bytes));
      return bytes;
    },
    async prune(kept) {
      for await (const { hash } of disk.list()) {
        if (!kept.has(hash)) await disk.remove(hash);
      }
    },
  };
}

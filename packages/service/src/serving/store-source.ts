import {
  ApiError,
  NO_POSTERIORS,
  TENANT_LAYER,
  type PointerName,
  type PointerState,
  type ContentHash,
  type Artifact,
} from "@recsys/contracts";
import { loadArtifact } from "@recsys/kernels";
import {
  catalogueRevision,
  currentRevision,
  itemChangesSince,
  learned,
  listPointers,
  loadCatalogue,
  versionContent,
  versionHistory,
  type ObjectStore,
  type Store,
  type TenantTx,
} from "@recsys/store";
import type { LiveVersions, SnapshotSource } from "./snapshot-source.ts";

const HISTORY = 10;

interface StoreSourceOptions {
  readonly store: Store;
  readonly objectsOf: (tenant: string) => Promise<Pick<ObjectStore, "get">>;
}

/** Snapshots from the database and the tenant's object store. */
export function storeSource(options: StoreSourceOptions): SnapshotSource {
  const { store } = options;
  return {
    revisions: (tenant, namespace) =>
      store.inTenant(tenant, (tx) => readRevisions(tx, namespace)),
    versions: (tenant, namespace) =>
      store.inTenant(tenant, async (tx): Promise<LiveVersions> => {
        // The revision first: what is read after it is at least as new.
        const revisions = await readRevisions(tx, namespace);
        const all = await listPointers(tx);
        const find = (name: PointerName, space = namespace) =>
          withoutNamespace(
            all.find((one) => one.pointer === name && one.namespace === space),
          );
        return {
          ...revisions,
          posteriorsVersion: await learned.version(tx, namespace),
          pointers: {
            config: find("config"),
            rules: find("rules"),
            experiments: find("experiments"),
            manifest: find("manifest"),
            fallbacks: find("fallbacks"),
          },
          tenantConfig: find("config", TENANT_LAYER),
        };
      }),
    content: async (tenant, namespace, { pointer, version }) => {
      const found = await store.inTenant(tenant, (tx) =>
        versionContent(tx, { namespace, pointer }, version),
      );
      if (found === null) throw new Error(`${pointer} ${version} is gone`);
      return found.content;
    },
    manifestHistory: async (tenant, namespace) => {
      const entries = await store.inTenant(tenant, (tx) =>
        versionHistory(tx, { namespace, pointer: "manifest" }, HISTORY),
      );
      return entries.map((entry) => ({
        pointer: "manifest",
        version: entry.version,
        hash: entry.hash,
        changeId: entry.changeId,
        movedAt: entry.createdAt,
      }));
    },
    posteriors: async (tenant, namespace) => {
      const read = (tx: TenantTx) => learned.load(tx, namespace);
      return (await store.inTenant(tenant, read)) ?? NO_POSTERIORS;
    },
    catalogue: (tenant, namespace) =>
      store.inTenant(tenant, (tx) => loadCatalogue(tx, namespace)),
    itemChanges: (tenant, namespace, after) =>
      store.inTenant(tenant, (tx) => itemChangesSince(tx, namespace, after)),
    artifact: async (tenant, hash) =>
      readArtifact(await options.objectsOf(tenant), hash),
  };
}

/** Reads an artifact into shared memory of its own; the store checks the hash while it reads. */
export function readArtifact(
  objects: Pick<ObjectStore, "get">,
  hash: string,
): Promise<Artifact> {
  return loadArtifact((allocate) => objects.get(hash as ContentHash, allocate));
}

async function readRevisions(
  tx: TenantTx,
  namespace: string,
): Promise<Pick<LiveVersions, "revision" | "catalogueRevision">> {
  const revision = await currentRevision(tx.db, tx.tenant);
  if (revision === null)
    throw new ApiError("TENANT_UNKNOWN", {
      detail: `There is no tenant "${tx.tenant}".`,
    });
  return {
    revision: `${revision.incarnation}:${revision.n}`,
    catalogueRevision: await catalogueRevision(tx, namespace),
  };
}

function withoutNamespace(
  state: (PointerState & { readonly namespace: string }) | undefined,
): PointerState | null {
  if (state === undefined) return null;
  const { pointer, version, hash, changeId, movedAt } = state;
  return { pointer, version, hash, changeId, movedAt };
}

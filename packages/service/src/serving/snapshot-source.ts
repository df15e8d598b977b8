import type {
  Artifact,
  PointerName,
  PointerState,
  Posteriors,
} from "@recsys/contracts";
import type { StoredCatalogue, StoredItemChange } from "@recsys/store";

/** What is live for a tenant and namespace, read in one transaction. */
export interface LiveVersions {
  /** `<incarnation>:<n>`; a new incarnation means that a backup was restored. */
  readonly revision: string;
  readonly catalogueRevision: number;
  /** Version of what bandits have learned. */
  readonly posteriorsVersion: number;
  readonly pointers: Readonly<Record<PointerName, PointerState | null>>;
  /** Config pointer of the tenant layer. */
  readonly tenantConfig: PointerState | null;
}

/** Where snapshots come from: the database and the object store, or the disk. */
export interface SnapshotSource {
  /** Cheap check: the two revisions alone. */
  revisions(
    tenant: string,
    namespace: string,
  ): Promise<Pick<LiveVersions, "revision" | "catalogueRevision">>;
  versions(tenant: string, namespace: string): Promise<LiveVersions>;
  content(
    tenant: string,
    namespace: string,
    wanted: { readonly pointer: PointerName; readonly version: number },
  ): Promise<unknown>;
  /** Earlier manifests, newest first. */
  manifestHistory(
    tenant: string,
    namespace: string,
  ): Promise<readonly PointerState[]>;
  posteriors(tenant: string, namespace: string): Promise<Posteriors>;
  catalogue(tenant: string, namespace: string): Promise<StoredCatalogue>;
  itemChanges(
    tenant: string,
    namespace: string,
    after: { readonly position: number; readonly limit: number },
  ): Promise<readonly StoredItemChange[]>;
  /** Loads an artifact and checks its hash. Throws when it is missing or damaged. */
  artifact(tenant: string, hash: string): Promise<Artifact>;
}

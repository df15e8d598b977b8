import {
  versionName,
  type DecisionVersions,
  type Posteriors,
} from "@recsys/contracts";
import {
  ALGO_VERSION,
  createCatalogue,
  createSnapshot,
  snapshotWithCatalogue,
  snapshotWithPosteriors,
  type Catalogue,
  type Snapshot,
} from "@recsys/ranking";
import {
  loadDocuments,
  type Documents,
  type SnapshotAlert,
} from "./load-documents.ts";
import { loadManifest, missingSignals, type Learned } from "./load-manifest.ts";
import { versionOf } from "./snapshot-documents.ts";
import type { LiveVersions, SnapshotSource } from "./snapshot-source.ts";

/** A snapshot with what it was made of, so that the next one reuses what did not change. */
export interface LoadedSnapshot extends Documents, Learned {
  readonly snapshot: Snapshot;
  readonly live: Pick<LiveVersions, "revision" | "catalogueRevision">;
  readonly posteriors: Posteriors;
  readonly alerts: readonly SnapshotAlert[];
  /** Ids of items that are left out, because their rows cannot be read. */
  readonly unreadable: ReadonlySet<string>;
}

export interface LoadFacts {
  readonly source: SnapshotSource;
  readonly tenant: string;
  readonly namespace: string;
  readonly before: LoadedSnapshot | null;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * The snapshot of what is live now. Parts that did not change are reused; a
 * part that cannot be read keeps its last good version and raises an alert.
 * Throws only when the database does not answer.
 */
export async function loadSnapshot(facts: LoadFacts): Promise<LoadedSnapshot> {
  const live = await facts.source.versions(facts.tenant, facts.namespace);
  const alerts: SnapshotAlert[] = [];
  const documents = await loadDocuments({ ...facts, alerts }, live);
  const learned = await loadManifest(
    { ...facts, alerts },
    live.pointers.manifest,
  );
  const found = await loadCatalogue(facts, live);
  const posteriors = await readPosteriors(facts, live);
  return assembleSnapshot(facts, {
    live,
    documents,
    learned,
    ...found,
    posteriors,
    alerts,
  });
}

/** Those before, unless bandits have learned more or a backup was restored. */
async function readPosteriors(
  { source, tenant, namespace, before }: LoadFacts,
  live: LiveVersions,
): Promise<Posteriors> {
  const isCurrent =
    before?.posteriors.version === live.posteriorsVersion &&
    incarnationOf(live) === incarnationOf(before.live);
  if (isCurrent) return before.posteriors;
  return source.posteriors(tenant, namespace);
}

/** What a snapshot is put together from. */
export interface SnapshotPieces {
  readonly live: Pick<LiveVersions, "revision" | "catalogueRevision">;
  readonly documents: Documents;
  readonly learned: Learned;
  readonly catalogue: Catalogue;
  readonly posteriors: Posteriors;
  readonly unreadable: ReadonlySet<string>;
  readonly alerts: readonly SnapshotAlert[];
}

/** Puts a snapshot together; only the catalogue is exchanged where nothing else changed. */
export function assembleSnapshot(
  facts: Pick<LoadFacts, "tenant" | "namespace" | "before">,
  pieces: SnapshotPieces,
): LoadedSnapshot {
  const { before, tenant, namespace } = facts;
  const { documents, learned, catalogue, live, alerts, unreadable } = pieces;
  const { posteriors } = pieces;
  const versions = versionsOf(pieces);
  const isSame =
    before !== null &&
    before.signals === learned.signals &&
    before.config === documents.config &&
    before.tenantConfig === documents.tenantConfig &&
    before.rules === documents.rules &&
    before.fallbacks === documents.fallbacks;
  const snapshot = isSame
    ? { ...snapshotAfter(before.snapshot, pieces), versions }
    : createSnapshot({
        tenant,
        namespace,
        versions,
        config: documents.config.content,
        tenantKnobs: documents.tenantConfig.content.knobs,
        rules: documents.rules.content,
        fallbacks: documents.fallbacks.content,
        catalogue,
        signals: learned.signals.views,
        missing: missingSignals(learned),
        posteriors,
      });
  return {
    snapshot,
    live,
    ...documents,
    ...learned,
    posteriors,
    alerts,
    unreadable,
  };
}

/** Neither needs signals to be bound anew. */
function snapshotAfter(
  before: Snapshot,
  { catalogue, posteriors }: SnapshotPieces,
): Snapshot {
  const after = snapshotWithCatalogue(before, catalogue);
  return posteriors === before.posteriors
    ? after
    : snapshotWithPosteriors(after, posteriors);
}

function versionsOf(pieces: SnapshotPieces): DecisionVersions {
  const { documents, learned, live, catalogue, posteriors } = pieces;
  const { manifest, signals } = learned;
  return {
    algo_version: ALGO_VERSION,
    node_major: Number.parseInt(process.versions.node, 10),
    config_version: versionOf(documents.config),
    tenant_config_version: versionOf(documents.tenantConfig),
    rules_version: versionOf(documents.rules),
    fallbacks_version: versionOf(documents.fallbacks),
    // Experiments are not served yet: no request has one.
    experiments_version: "0-default",
    manifest_version: manifest === null ? null : versionName(manifest),
    models: signals.hashes,
    snapshot_revision: live.revision,
    catalogue_revision: catalogue.revision,
    ...(posteriors.version === 0
      ? {}
      : { posteriors_version: posteriors.version }),
  };
}

const CHANGES_AT_ONCE = 5000;

/** The catalogue before with the changes since, or all of it at first. */
async function loadCatalogue(
  facts: LoadFacts,
  live: LiveVersions,
): Promise<Pick<SnapshotPieces, "catalogue" | "unreadable">> {
  const { source, tenant, namespace, before } = facts;
  const isContinued =
    before !== null &&
    live.catalogueRevision >= before.snapshot.catalogue.revision &&
    incarnationOf(live) === incarnationOf(before.live);
  if (!isContinued) {
    const all = await source.catalogue(tenant, namespace);
    return {
      catalogue: createCatalogue(all.items, all.revision),
      unreadable: new Set(all.unreadable),
    };
  }
  let { catalogue } = before.snapshot;
  const unreadable = new Set(before.unreadable);
  for (;;) {
    const changes = await source.itemChanges(tenant, namespace, {
      position: catalogue.revision,
      limit: CHANGES_AT_ONCE,
    });
    if (changes.length > 0) catalogue = catalogue.withChanges(changes);
    for (const { item_id: id, isReadable } of changes) {
      if (isReadable) unreadable.delete(id);
      else unreadable.add(id);
    }
    if (changes.length < CHANGES_AT_ONCE) return { catalogue, unreadable };
  }
}

function incarnationOf(live: { readonly revision: string }): string {
  return live.revision.slice(0, live.revision.lastIndexOf(":"));
}

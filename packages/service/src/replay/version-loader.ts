import {
  ApiError,
  NO_POSTERIORS,
  canonicalJson,
  TENANT_LAYER,
  versionName,
  type ConfigDocument,
  type DecisionRecord,
  type DecisionVersions,
  type FallbackLists,
  type PointerName,
  type PointerState,
  type Posteriors,
  type RuleSet,
} from "@recsys/contracts";
import {
  createCatalogue,
  type Catalogue,
  type Snapshot,
} from "@recsys/ranking";
import {
  catalogueAt,
  learned,
  versionContent,
  type ObjectStore,
  type Store,
} from "@recsys/store";
import type { Documents } from "../serving/load-documents.ts";
import { NOTHING_LEARNED, type Learned } from "../serving/load-manifest.ts";
import { loadSignals, NO_SIGNALS } from "../serving/load-signals.ts";
import {
  assembleSnapshot,
  type LoadedSnapshot,
} from "../serving/load-snapshot.ts";
import {
  DEFAULTS,
  requireReadable,
  versionNumber,
  type Versioned,
} from "../serving/snapshot-documents.ts";
import { readArtifact } from "../serving/store-source.ts";

/** Versions to replay against instead of the recorded ones; numbers of the pointer's history. */
export interface ReplayAgainst {
  readonly config?: number;
  readonly rules?: number;
  readonly fallbacks?: number;
  readonly manifest?: number;
}

export interface VersionLoaderOptions {
  readonly store: Store;
  readonly tenant: string;
  readonly objects: Pick<ObjectStore, "get">;
  /** What serves now: recent decisions were made from much of it. */
  readonly near?: (namespace: string) => LoadedSnapshot | null;
}

/** Makes snapshots of recorded versions; the last one is kept, because records of one time share theirs. */
export function createVersionLoader(options: VersionLoaderOptions) {
  let last: { readonly key: string; readonly loaded: LoadedSnapshot } | null =
    null;
  return async (
    record: DecisionRecord,
    against: ReplayAgainst,
  ): Promise<Snapshot> => {
    if (record.tenant !== options.tenant) {
      throw new ApiError("TENANT_MISMATCH");
    }
    // The revision of live state plays no part: only the versions do.
    const versions = { ...record.versions, snapshot_revision: "" };
    const key = JSON.stringify([record.namespace, versions, against]);
    if (last?.key !== key) {
      const near = options.near?.(record.namespace) ?? null;
      const isIt = near !== null && servesExactly(near, versions, against);
      const before = last?.loaded ?? near;
      const loaded = isIt
        ? near
        : await load(options, { record, against, before });
      last = { key, loaded };
    }
    return last.loaded.snapshot;
  };
}

function servesExactly(
  { snapshot }: LoadedSnapshot,
  wanted: DecisionVersions,
  against: ReplayAgainst,
): boolean {
  const versions = { ...snapshot.versions, snapshot_revision: "" };
  return (
    Object.keys(against).length === 0 &&
    canonicalJson(versions) === canonicalJson(wanted)
  );
}

interface Wanted {
  readonly record: DecisionRecord;
  readonly against: ReplayAgainst;
  readonly before: LoadedSnapshot | null;
}

async function load(
  options: VersionLoaderOptions,
  wanted: Wanted,
): Promise<LoadedSnapshot> {
  const { record, before } = wanted;
  const { namespace, versions } = record;
  const pieces = {
    live: {
      revision: versions.snapshot_revision,
      catalogueRevision: versions.catalogue_revision,
    },
    documents: await loadDocuments(options, wanted),
    learned: await loadLearned(options, wanted),
    catalogue: await loadCatalogue(options, wanted),
    posteriors: await readPosteriors(options, wanted),
    unreadable: new Set<string>(),
    alerts: [],
  };
  const mayReuse = before?.snapshot.namespace === namespace ? before : null;
  return assembleSnapshot(
    { tenant: options.tenant, namespace, before: mayReuse },
    pieces,
  );
}

async function loadDocuments(
  options: VersionLoaderOptions,
  { record, against }: Wanted,
): Promise<Documents> {
  const { namespace, versions } = record;
  const at = <T>(
    pointer: "config" | "rules" | "fallbacks",
    fallback: Versioned<T>,
    name: string,
  ) =>
    document<T>(
      options,
      { pointer, namespace, fallback },
      against[pointer] ?? name,
    );
  return {
    config: await at<ConfigDocument>(
      "config",
      DEFAULTS.config,
      versions.config_version,
    ),
    rules: await at<RuleSet>("rules", DEFAULTS.rules, versions.rules_version),
    fallbacks: await at<FallbackLists>(
      "fallbacks",
      DEFAULTS.fallbacks,
      versions.fallbacks_version,
    ),
    tenantConfig: await document<ConfigDocument>(
      options,
      {
        pointer: "config",
        namespace: TENANT_LAYER,
        fallback: DEFAULTS.config,
      },
      versions.tenant_config_version,
    ),
  };
}

/** `wanted`: the number of a version, or the name that a record has of it. */
async function document<T>(
  options: VersionLoaderOptions,
  place: {
    readonly pointer: "config" | "rules" | "fallbacks";
    readonly namespace: string;
    readonly fallback: Versioned<T>;
  },
  wanted: number | string,
): Promise<Versioned<T>> {
  if (wanted === 0 || wanted === "0-default") return place.fallback;
  const found = await version(options, place, wanted);
  requireReadable(place.pointer, found.content);
  return found as Versioned<T>;
}

async function version(
  { store, tenant }: VersionLoaderOptions,
  place: { readonly pointer: PointerName; readonly namespace: string },
  wanted: number | string,
): Promise<{ readonly state: PointerState; readonly content: unknown }> {
  const number = typeof wanted === "number" ? wanted : versionNumber(wanted);
  const { pointer, namespace } = place;
  const found = await store.inTenant(tenant, (tx) =>
    versionContent(tx, { pointer, namespace }, number),
  );
  const isThere =
    found !== null &&
    (typeof wanted === "number" || versionName(found) === wanted);
  if (!isThere) {
    throw gone(`version ${wanted} of ${pointer} in ${namespace}`);
  }
  const { hash, changeId, createdAt, content } = found;
  const state = {
    pointer,
    version: number,
    hash,
    changeId,
    movedAt: createdAt,
  };
  return { state, content };
}

async function loadLearned(
  options: VersionLoaderOptions,
  { record, against, before }: Wanted,
): Promise<Learned> {
  const wanted = against.manifest ?? record.versions.manifest_version;
  if (wanted === null) return NOTHING_LEARNED;
  const place = { pointer: "manifest", namespace: record.namespace } as const;
  const { state, content } = await version(options, place, wanted);
  const source = {
    artifact: async (_: string, hash: string) => {
      try {
        return await readArtifact(options.objects, hash);
      } catch (error) {
        throw gone(
          `artifact ${hash.slice(0, 12)}… of ${versionName(state)}`,
          error,
        );
      }
    },
  };
  const isSame =
    before?.manifest?.hash === state.hash &&
    before.manifest.version === state.version;
  const signals = isSame
    ? before.signals
    : await loadSignals(source, options.tenant, {
        manifest: content,
        before: before?.signals ?? NO_SIGNALS,
      });
  return { manifest: state, manifestContent: content, signals };
}

/** Records of earlier releases, and those before anything was learned, name none. */
async function readPosteriors(
  { store, tenant }: VersionLoaderOptions,
  { record, before }: Wanted,
): Promise<Posteriors> {
  const { namespace, versions } = record;
  const wanted = versions.posteriors_version ?? 0;
  if (wanted === 0) return NO_POSTERIORS;
  const isKnown =
    before?.snapshot.namespace === namespace &&
    before.posteriors.version === wanted;
  if (isKnown) return before.posteriors;
  const found = await store.inTenant(tenant, (tx) =>
    learned.load(tx, namespace, wanted),
  );
  if (found === null) throw gone(`version ${wanted} of posteriors`);
  return found;
}

async function loadCatalogue(
  { store, tenant }: VersionLoaderOptions,
  { record, before }: Wanted,
): Promise<Catalogue> {
  const { namespace, versions } = record;
  const revision = versions.catalogue_revision;
  const known = before?.snapshot;
  if (known?.namespace === namespace && known.catalogue.revision === revision) {
    return known.catalogue;
  }
  const items = await store.inTenant(tenant, (tx) =>
    catalogueAt(tx, namespace, revision),
  );
  return createCatalogue(items, revision);
}

function gone(what: string, cause?: unknown): ApiError {
  return new ApiError("REPLAY_IMPOSSIBLE", {
    detail: `Gone: ${what}.`,
    cause,
  });
}

import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { rank, usesImpressions, type Snapshot } from "@recsys/ranking";
import {
  findKey,
  findTenant,
  loadUserStates,
  type ObjectStore,
  type Store,
  type Tenant,
} from "@recsys/store";
import type { Logger } from "pino";
import { KeyCache } from "./auth/key-cache.ts";
import { Tenants } from "./auth/tenants.ts";
import type { ServiceContext } from "./context.ts";
import { createDecisionLog } from "./decisions/create-decision-log.ts";
import { ParquetExports } from "./decisions/parquet-exports.ts";
import { DeprecatedUseCounts } from "./deprecations.ts";
import type { CompleteConfig } from "./development-secrets.ts";
import { safeError } from "./http/log-error.ts";
import { Turns } from "./http/turns.ts";
import type { LoadUpload, RunPipeline, WriteParquet } from "./jobs.ts";
import { createMetrics, registerReadings, type Metrics } from "./metrics.ts";
import { cachedObjects } from "./serving/cached-objects.ts";
import { PageSnapshots } from "./serving/page-snapshots.ts";
import { RecentSlates } from "./serving/recent-slates.ts";
import { MOST_LISTS, ShownLists } from "./serving/shown-lists.ts";
import { SnapshotDisk } from "./serving/snapshot-disk.ts";
import { Snapshots } from "./serving/snapshots.ts";
import { storeSource } from "./serving/store-source.ts";
import { groupReads } from "./serving/group-reads.ts";
import { STATE_EVENTS, UserStates } from "./serving/user-states.ts";

const MIB = 1024 * 1024;

/** What a service is made of; the caller owns the store. */
export interface ServiceDeps {
  readonly store: Store;
  readonly objectsFor: (tenant: Tenant) => ObjectStore;
  readonly config: CompleteConfig;
  readonly log: Logger;
  /** Release of the product, shown by /version. */
  readonly version: string;
  /** Directory of the page that is served at `/`. */
  readonly staticDir?: string;
  readonly runPipeline?: RunPipeline;
  readonly loadUpload?: LoadUpload;
  readonly writeParquet?: WriteParquet;
  /** Unix milliseconds; the system's clock unless said. */
  readonly clock?: () => number;
  /** Body that /v1/_constant answers with, for measurements; without it there is no such route. */
  readonly benchBody?: string;
}

/** The context with the parts that only the service itself touches. */
export interface Assembled {
  readonly context: ServiceContext;
  readonly disk: SnapshotDisk;
}

/** Makes the parts of a service and connects them. */
export function createContext(deps: ServiceDeps): Assembled {
  const { store, config, log } = deps;
  const clock = deps.clock ?? Date.now;
  const metrics = createMetrics();
  const disk = new SnapshotDisk(join(config.home, "snapshots"));
  const tenants = new Tenants((id) =>
    store.tenantless((db) => findTenant(db, id)),
  );
  const keys = createKeys(deps, clock);
  const replica = `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`;
  const snapshots = createSnapshots(deps, {
    tenants,
    keys,
    disk,
    metrics,
    clock,
    forgetUsers: (tenant, namespace) => {
      users.forget(tenant, namespace, null);
    },
  });
  const users = createUserStates(deps, snapshots);
  const context: ServiceContext = {
    config,
    store,
    objectsFor: deps.objectsFor,
    log,
    clock,
    tenants,
    keys,
    snapshots,
    users,
    slates: new RecentSlates(),
    shown: new ShownLists(),
    pages: new PageSnapshots(),
    deprecations: new DeprecatedUseCounts({ store, metrics, log }),
    decisions: createDecisionLog(deps, { metrics, clock, replica }),
    metrics,
    turns: new Turns(),
    runPipeline: deps.runPipeline ?? null,
    loadUpload: deps.loadUpload ?? null,
    exports:
      deps.writeParquet === undefined
        ? null
        : new ParquetExports(join(config.home, "exports"), deps.writeParquet),
    background: new Set(),
    version: deps.version,
    replica,
    startedAt: clock(),
    readiness: { isWarm: false, isClosing: false, isListening: false },
  };
  connectReadings(context);
  return { context, disk };
}

function createUserStates(
  { store, config }: ServiceDeps,
  snapshots: Snapshots,
): UserStates {
  return new UserStates({
    maxBytes: config.userStateMaxMb * MIB,
    load: groupReads((tenant, namespace, pseudonyms) => {
      const live = snapshots.peek(tenant, namespace)?.loaded.snapshot;
      const isAsked = live !== undefined && usesImpressions(live);
      return store.inTenant(tenant, (tx) =>
        loadUserStates(tx, namespace, {
          pseudonyms,
          limit: STATE_EVENTS,
          ...(isAsked ? { lists: MOST_LISTS } : {}),
        }),
      );
    }),
  });
}

function createKeys(deps: ServiceDeps, clock: () => number): KeyCache {
  const { store, config } = deps;
  return new KeyCache({
    secret: config.apiKeyHashSecret,
    ttlMs: config.configCacheTtlSeconds * 1000,
    clock,
    find: async (digest) => {
      const key = await store.tenantless((db) => findKey(db, digest));
      if (key === null) return null;
      const { tenant, role, name, expiresAt } = key;
      return { tenant, role, name, expiresAt };
    },
  });
}

function createSnapshots(
  deps: ServiceDeps,
  parts: {
    readonly tenants: Tenants;
    readonly keys: KeyCache;
    readonly disk: SnapshotDisk;
    readonly metrics: Metrics;
    readonly clock: () => number;
    /** States in memory lack what the configuration asks for now. */
    readonly forgetUsers: (tenant: string, namespace: string) => void;
  },
): Snapshots {
  const { tenants, keys, disk, metrics, clock } = parts;
  const source = storeSource({
    store: deps.store,
    objectsOf: async (id) => objectsOf(deps, await tenants.get(id)),
  });
  return new Snapshots({
    source,
    clock,
    restore: (tenant, namespace) =>
      disk.restore({ tenant, namespace }, source, (found) => {
        tenants.restore(found.tenant);
        keys.restore(found.keys);
      }),
    probe: probeSnapshot,
    onSwap: (loaded, before) => {
      const { tenant, namespace } = loaded.snapshot;
      const result = loaded.alerts.length === 0 ? "ok" : "kept_last_good";
      metrics.snapshotSwaps.inc({ result });
      const isAsked = usesImpressions(loaded.snapshot);
      if (isAsked && !(before && usesImpressions(before.snapshot))) {
        parts.forgetUsers(tenant, namespace);
      }
      for (const { part, version, reason } of loaded.alerts) {
        deps.log.error({ tenant, namespace, part, version, reason });
      }
      const items = loaded.unreadable.size;
      if (items !== (before?.unreadable.size ?? 0)) {
        const reason = "items that cannot be read are left out";
        deps.log.error({ tenant, namespace, part: "catalogue", reason, items });
      }
    },
    onError: (error, { tenant, namespace }) => {
      metrics.snapshotSwaps.inc({ result: "failed" });
      deps.log.error({ tenant, namespace, err: safeError(error) });
    },
  });
}

/** DB-only tenants have their artifacts on disk as well. */
function objectsOf(
  deps: ServiceDeps,
  tenant: Tenant,
): Pick<ObjectStore, "get"> {
  const objects = deps.objectsFor(tenant);
  if (tenant.servingMode !== "db") return objects;
  return cachedObjects(objects, artifactFolder(deps.config, tenant.tenantId));
}

/** Where artifacts of a DB-only tenant are kept beside its snapshot. */
export function artifactFolder(config: CompleteConfig, tenant: string): string {
  return join(config.home, "snapshots", tenant, "objects");
}

/** One list for nobody in particular: a snapshot that cannot even do that must not serve. */
export function probeSnapshot(snapshot: Snapshot): void {
  const [surface] = Object.keys(snapshot.config.surfaces);
  if (surface === undefined) return;
  rank({
    request: {
      route: "recommend",
      surface,
      k: 10,
      segment: null,
      anchors: [],
      include: null,
      exclude: [],
      shown: [],
      constraints: {},
      context: {},
      experimentKnobs: {},
      requestKnobs: {},
      whyNot: [],
    },
    snapshot,
    userState: { events: [], traits: {}, consent: "unknown", bucket_key: "" },
    now: 0,
    seed: 0,
  });
}

function connectReadings(context: ServiceContext): void {
  registerReadings(context.metrics, {
    spoolBytes: () => context.decisions.pendingBytes,
    rejectedBytes: () => context.decisions.rejectedBytes,
    heldSegments: () => context.decisions.heldSegments,
    stateBytes: () => context.users.bytes,
    snapshots: () =>
      context.snapshots.states().map((state) => ({
        tenant: state.tenant,
        namespace: state.namespace,
        seconds: (context.clock() - state.currentAt) / 1000,
        alerts: state.loaded.alerts.length,
        unreadable: state.loaded.unreadable.size,
      })),
  });
}

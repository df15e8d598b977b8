import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { rank, type Snapshot } from "@recsys/ranking";
import {
  findKey,
  findTenant,
  loadUserStates,
  shipDecisions,
  type ObjectStore,
  type Store,
  type Tenant,
} from "@recsys/store";
import type { Logger } from "pino";
import { KeyCache } from "./auth/key-cache.ts";
import { Tenants } from "./auth/tenants.ts";
import type { ServiceContext } from "./context.ts";
import { DecisionLog } from "./decisions/decision-log.ts";
import { ParquetExports } from "./decisions/parquet-exports.ts";
import type { CompleteConfig } from "./development-secrets.ts";
import { safeError } from "./http/log-error.ts";
import { Turns } from "./http/turns.ts";
import type { LoadUpload, RunPipeline, WriteParquet } from "./jobs.ts";
import { createMetrics, registerReadings, type Metrics } from "./metrics.ts";
import { cachedObjects } from "./serving/cached-objects.ts";
import { RecentSlates } from "./serving/recent-slates.ts";
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
  const context: ServiceContext = {
    config,
    store,
    objectsFor: deps.objectsFor,
    log,
    clock,
    tenants,
    keys,
    snapshots: createSnapshots(deps, { tenants, keys, disk, metrics, clock }),
    users: new UserStates({
      maxBytes: config.userStateMaxMb * MIB,
      load: groupReads((tenant, namespace, pseudonyms) =>
        store.inTenant(tenant, (tx) =>
          loadUserStates(tx, namespace, { pseudonyms, limit: STATE_EVENTS }),
        ),
      ),
    }),
    slates: new RecentSlates(),
    decisions: createDecisionLog(deps, metrics, clock),
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
    replica: `${hostname()}:${process.pid}:${randomBytes(3).toString("hex")}`,
    startedAt: clock(),
    readiness: { isWarm: false, isClosing: false, isListening: false },
  };
  connectReadings(context);
  return { context, disk };
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

/** So many of the decisions that one segment had to set aside are logged one by one. */
const REJECTIONS_LOGGED = 10;

function createDecisionLog(
  deps: ServiceDeps,
  metrics: Metrics,
  clock: () => number,
): DecisionLog {
  const { store, config, log } = deps;
  const part = "decision_log";
  return new DecisionLog({
    directory: join(config.home, "spool"),
    maxBytes: config.spoolMaxMb * MIB,
    clock,
    ship: async (tenant, namespace, records) => {
      const { refused, erased } = await store.inTenant(tenant, (tx) =>
        shipDecisions(tx, namespace, records),
      );
      if (erased > 0) metrics.decisions.inc({ result: "erased" }, erased);
      return refused;
    },
    onShipped: (decisions) => {
      metrics.decisions.inc({ result: "shipped" }, decisions);
    },
    onRejected: ({ count, lines }) => {
      metrics.decisions.inc({ result: "rejected" }, count);
      for (const one of lines.slice(0, REJECTIONS_LOGGED)) {
        const { segment, line, reason, requestId: request_id } = one;
        log.error({ part, segment, line, request_id, reason, rejected: count });
      }
    },
    onHeld: (segment, error) => {
      log.error({ part, segment, err: safeError(error) });
    },
    onError: (error) => {
      log.error({ part, err: safeError(error) });
    },
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

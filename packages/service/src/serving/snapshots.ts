import { ApiError, DEFAULT_NAMESPACE, messageOf } from "@recsys/contracts";
import type { Snapshot } from "@recsys/ranking";
import { RETRY_REFUSED_MS } from "./load-manifest.ts";
import { loadSnapshot, type LoadedSnapshot } from "./load-snapshot.ts";
import type { SnapshotSource } from "./snapshot-source.ts";

export interface SnapshotsOptions {
  readonly source: SnapshotSource;
  readonly clock: () => number;
  /** The last snapshot on disk, for a start while the database is away. */
  readonly restore: (
    tenant: string,
    namespace: string,
  ) => Promise<LoadedSnapshot | null>;
  /** A trial of a new snapshot before it serves; throws when it does not work. */
  readonly probe: (snapshot: Snapshot) => void;
  readonly onSwap: (
    loaded: LoadedSnapshot,
    before: LoadedSnapshot | null,
  ) => void;
  readonly onError: (error: unknown, place: Place) => void;
}

export interface Place {
  readonly tenant: string;
  readonly namespace: string;
}

/** What serves a tenant and namespace now, and how well. */
export interface SnapshotState extends Place {
  readonly loaded: LoadedSnapshot;
  /** Unix milliseconds: when it was last known to be what is live. */
  readonly currentAt: number;
  /** Booted from disk while the database was away, and not refreshed since. */
  readonly fromDisk: boolean;
  readonly lastError: string | null;
}

interface Holder extends Place {
  state: SnapshotState | null;
  /** The refresh under way and the one that starts after it. */
  running: Promise<void> | null;
  next: Promise<void> | null;
}

/** The snapshots of every tenant and namespace that this process serves; each is swapped in one step. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #holders = new Map<string, Holder>();

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  /** The snapshot when it is loaded. */
  peek(tenant: string, namespace: string): SnapshotState | undefined {
    return this.#holders.get(`${tenant}/${namespace}`)?.state ?? undefined;
  }

  /** Every loaded snapshot. */
  states(): SnapshotState[] {
    return [...this.#holders.values()].flatMap((holder) => holder.state ?? []);
  }

  /**
   * The snapshot, loaded on first use: from the database, or from disk while
   * that is away. Throws NAMESPACE_UNKNOWN where there is nothing to serve.
   */
  async ensure(tenant: string, namespace: string): Promise<SnapshotState> {
    const known = this.peek(tenant, namespace);
    if (known !== undefined) return known;
    const holder = this.#holder({ tenant, namespace });
    try {
      await this.#refresh(holder);
    } catch (error) {
      await this.#boot(holder, error);
    }
    const { state } = holder;
    if (state === null)
      throw new ApiError("NOT_READY", { retryAfterSeconds: 1 });
    if (isEmpty(state)) {
      this.#holders.delete(`${tenant}/${namespace}`);
      throw new ApiError("NAMESPACE_UNKNOWN");
    }
    return state;
  }

  /** Brings every loaded snapshot of the tenant (and namespace) to what was live when this was called, or later. Failures keep the old ones. */
  async refresh(tenant: string, namespace?: string): Promise<void> {
    const holders = [...this.#holders.values()].filter(
      (holder) =>
        holder.tenant === tenant &&
        (namespace === undefined || holder.namespace === namespace),
    );
    await Promise.all(holders.map((holder) => this.#refreshKindly(holder)));
  }

  /** The floor under notifications: asks for revisions and refreshes where they moved. */
  async poll(): Promise<void> {
    for (const holder of this.#holders.values()) {
      if (holder.state !== null && holder.running === null) {
        await this.#pollOne(holder, holder.state);
      }
    }
  }

  async #pollOne(holder: Holder, state: SnapshotState): Promise<void> {
    const { source, clock, onError } = this.#options;
    try {
      const now = await source.revisions(holder.tenant, holder.namespace);
      const { live, alerts, snapshot } = state.loaded;
      const isCurrent =
        !state.fromDisk &&
        now.revision === live.revision &&
        now.catalogueRevision === snapshot.catalogue.revision;
      const mayRetry = alerts.some(
        ({ triedAt }) => clock() - triedAt >= RETRY_REFUSED_MS,
      );
      if (isCurrent && !mayRetry) {
        holder.state = { ...state, currentAt: clock(), lastError: null };
      } else {
        await this.#refreshKindly(holder);
      }
    } catch (error) {
      holder.state = { ...state, lastError: messageOf(error) };
      onError(error, holder);
    }
  }

  #holder(place: Place): Holder {
    const key = `${place.tenant}/${place.namespace}`;
    const found = this.#holders.get(key);
    if (found !== undefined) return found;
    const holder = { ...place, state: null, running: null, next: null };
    this.#holders.set(key, holder);
    return holder;
  }

  async #refreshKindly(holder: Holder): Promise<void> {
    try {
      await this.#refresh(holder);
    } catch (error) {
      if (holder.state !== null) {
        holder.state = { ...holder.state, lastError: messageOf(error) };
      }
      this.#options.onError(error, holder);
    }
  }

  /** A caller who has just written needs a read that begins after this call: a running one may be too early. */
  #refresh(holder: Holder): Promise<void> {
    if (holder.running === null) {
      holder.running = this.#load(holder).finally(() => {
        holder.running = null;
      });
      return holder.running;
    }
    holder.next ??= holder.running
      .catch(() => undefined)
      .then(() => {
        holder.next = null;
        return this.#refresh(holder);
      });
    return holder.next;
  }

  async #load(holder: Holder): Promise<void> {
    const { source, clock, probe, onSwap } = this.#options;
    const now = clock();
    const before = holder.state?.loaded ?? null;
    const loaded = await loadSnapshot({ ...holder, source, before, now });
    if (loaded.snapshot !== before?.snapshot) probe(loaded.snapshot);
    const kept = keepFirstSince(loaded, before);
    holder.state = {
      tenant: holder.tenant,
      namespace: holder.namespace,
      loaded: kept,
      currentAt: now,
      fromDisk: false,
      lastError: null,
    };
    onSwap(kept, before);
  }

  async #boot(holder: Holder, error: unknown): Promise<void> {
    const { tenant, namespace } = holder;
    const loaded = await this.#options.restore(tenant, namespace);
    if (loaded === null) throw error;
    this.#options.onError(error, holder);
    holder.state ??= {
      tenant,
      namespace,
      loaded,
      currentAt: 0,
      fromDisk: true,
      lastError: messageOf(error),
    };
  }
}

/** The default namespace always exists; others do once they hold something. */
function isEmpty({ namespace, loaded }: SnapshotState): boolean {
  return (
    namespace !== DEFAULT_NAMESPACE &&
    loaded.config.state === null &&
    loaded.manifest === null &&
    loaded.snapshot.catalogue.revision === 0
  );
}

/** An alert is as old as its first appearance. */
function keepFirstSince(
  loaded: LoadedSnapshot,
  before: LoadedSnapshot | null,
): LoadedSnapshot {
  return {
    ...loaded,
    alerts: loaded.alerts.map((alert) => {
      const first = before?.alerts.find(
        (old) => old.part === alert.part && old.version === alert.version,
      );
      return { ...alert, since: first?.since ?? alert.since };
    }),
  };
}

import type { ServiceContext } from "../context.ts";
import { safeError } from "../http/log-error.ts";
import { cachedObjects } from "./cached-objects.ts";
import type { SnapshotDisk } from "./snapshot-disk.ts";
import type { SnapshotState } from "./snapshots.ts";
import type { Snapshot } from "@recsys/ranking";

const SAVE_MS = 60_000;

interface KeeperOptions {
  readonly disk: SnapshotDisk;
  readonly artifactFolder: (tenant: string) => string;
}

/** Saves snapshots that changed, once a minute and at the end. */
export class SnapshotKeeper {
  readonly #context: ServiceContext;
  readonly #options: KeeperOptions;
  readonly #saved = new Map<string, Snapshot>();
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor(context: ServiceContext, options: KeeperOptions) {
    this.#context = context;
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.save(), SAVE_MS);
  }

  /** Saves what changed since the last time; a failure is logged and tried again. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#saveAll());
    return this.#saving;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
  }

  async #saveAll(): Promise<void> {
    for (const state of this.#context.snapshots.states()) {
      const key = `${state.tenant}/${state.namespace}`;
      const { snapshot } = state.loaded;
      if (state.fromDisk || this.#saved.get(key) === snapshot) continue;
      try {
        await this.#saveOne(state);
        this.#saved.set(key, snapshot);
      } catch (error) {
        this.#context.log.error({ part: "snapshot", err: safeError(error) });
      }
    }
  }

  async #saveOne(state: SnapshotState): Promise<void> {
    const { tenants, keys, snapshots, objectsFor } = this.#context;
    const tenant = await tenants.get(state.tenant);
    await this.#options.disk.save(state.loaded, {
      tenant,
      keys: keys.known(state.tenant),
    });
    if (tenant.servingMode !== "db") return;
    const kept = snapshots
      .states()
      .filter((one) => one.tenant === state.tenant)
      .flatMap((one) => Object.values(one.loaded.signals.hashes));
    const folder = this.#options.artifactFolder(state.tenant);
    await cachedObjects(objectsFor(tenant), folder).prune(new Set(kept));
  }
}

import type { ObjectStore, Store } from "@recsys/store";

export interface GarbageOptions {
  readonly store: Store;
  /** The tenant's own objects, of all its namespaces. */
  readonly objects: ObjectStore;
  readonly home: string;
  readonly tenant: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly replayDays: number;
  /** Newest versions kept whatever their age. */
  readonly keepVersions?: number;
  /** How long an object stays after nothing names it: longer than any run takes from its first object to its manifest. */
  readonly graceHours?: number;
}

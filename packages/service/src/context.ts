import type { Logger } from "pino";
import type { ObjectStore, Store, Tenant } from "@recsys/store";
import type { KeyCache } from "./auth/key-cache.ts";
import type { Tenants } from "./auth/tenants.ts";
import type { DeprecatedUseCounts } from "./deprecations.ts";
import type { DecisionLog } from "./decisions/decision-log.ts";
import type { ParquetExports } from "./decisions/parquet-exports.ts";
import type { CompleteConfig } from "./development-secrets.ts";
import type { Turns } from "./http/turns.ts";
import type { LoadUpload, RunPipeline } from "./jobs.ts";
import type { Metrics } from "./metrics.ts";
import type { PageSnapshots } from "./serving/page-snapshots.ts";
import type { RecentSlates } from "./serving/recent-slates.ts";
import type { ShownLists } from "./serving/shown-lists.ts";
import type { Snapshots } from "./serving/snapshots.ts";
import type { UserStates } from "./serving/user-states.ts";

/** Everything that routes work with; made once per service. */
export interface ServiceContext {
  readonly config: CompleteConfig;
  readonly store: Store;
  readonly objectsFor: (tenant: Tenant) => ObjectStore;
  readonly log: Logger;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly tenants: Tenants;
  readonly keys: KeyCache;
  readonly snapshots: Snapshots;
  readonly users: UserStates;
  readonly slates: RecentSlates;
  readonly shown: ShownLists;
  readonly pages: PageSnapshots;
  readonly decisions: DecisionLog;
  readonly metrics: Metrics;
  readonly deprecations: DeprecatedUseCounts;
  /** Requests with an Idempotency-Key, one at a time per key. */
  readonly turns: Turns;
  readonly runPipeline: RunPipeline | null;
  readonly loadUpload: LoadUpload | null;
  readonly exports: ParquetExports | null;
  /** Work that goes on after its answer; closing waits for it. */
  readonly background: Set<Promise<void>>;
  readonly version: string;
  /** Name of this process among those that share the database. */
  readonly replica: string;
  readonly startedAt: number;
  readonly readiness: Readiness;
}

/** What a load balancer and operators want to know; changes while the service lives. */
export interface Readiness {
  isWarm: boolean;
  isClosing: boolean;
  isListening: boolean;
}

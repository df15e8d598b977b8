import type { ObjectStore, Store } from "@recsys/store";
import type { JobReport } from "../jobs/job.ts";
import type { DayRange } from "../lake/sync-table.ts";
import type { Learner } from "../learner/learner.ts";
import type { ParameterOverrides } from "../recipe/parameters.ts";

export interface PipelineOptions {
  readonly store: Store;
  /** The tenant's own objects. */
  readonly objects: ObjectStore;
  /** Folder of the product; the lake lies below it. */
  readonly home: string;
  readonly tenant: string;
  readonly namespace: string;
  /** Unix milliseconds; later events are not seen. */
  readonly asOf: number;
  /** Job names; absent: what the tenant's serving mode calls for. */
  readonly jobs?: readonly string[];
  readonly parameters?: ParameterOverrides;
  readonly backfill?: DayRange;
  /** Learn again what was learned before. */
  readonly force?: boolean;
  /** Versions that were live within so many days keep their objects. */
  readonly replayDays?: number;
  /** `schedule`, `api`, `cli`. */
  readonly trigger: string;
  readonly owner?: string;
  readonly learnerThreads?: number;
  readonly learner?: Learner;
  readonly leaseSeconds?: number;
  readonly codeVersion?: string;
  readonly onProgress?: (progress: PipelineProgress) => void;
}

export interface PipelineProgress {
  readonly job: string;
  /** Place of the job among those of the run, from 1. */
  readonly place: number;
  readonly of: number;
  readonly fraction: number;
  /** Set when the job has ended. */
  readonly outcome?: JobReport;
}

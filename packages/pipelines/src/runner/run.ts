import type {
  ConfigDocument,
  ContentHash,
  FallbackLists,
  Item,
  KnobValues,
  Manifest,
  OfflineReport,
  PointerState,
  RuleSet,
  SignalName,
} from "@recsys/contracts";
import type { Interactions } from "@recsys/learning";
import type { ObjectStore, PipelineLock, Store } from "@recsys/store";
import type { DuckDb } from "../duckdb.ts";
import type { EventColumns } from "../interactions/event-columns.ts";
import type { InteractionCounts } from "../interactions/weigh-events.ts";
import type { DayRange } from "../lake/sync-table.ts";
import type { Learner } from "../learner/learner.ts";
import type { PipelineParameters } from "@recsys/contracts";

/** An artifact in the object store. */
export interface ArtifactRef {
  readonly hash: ContentHash;
  readonly bytes: number;
}

/** What is live when a run starts; the run works from this one view. */
export interface LiveState {
  readonly config: ConfigDocument;
  readonly tenantKnobs: KnobValues;
  readonly rules: RuleSet;
  readonly fallbacks: {
    readonly state: PointerState | null;
    readonly lists: FallbackLists;
  };
  readonly manifest: {
    readonly state: PointerState;
    readonly content: Manifest;
  } | null;
}

/** What a history is, without the history. */
export interface HistoryState {
  /** Interactions. */
  readonly rows: number;
  /** Hash of the interactions, free of user keys. */
  readonly hash: string;
  /** Unix milliseconds of the newest event used: what "now" is to learners, so that nothing new means nothing to do. */
  readonly asOf: number;
  readonly window: { readonly from: number; readonly to: number };
}

/** History as learners see it. */
export interface Training extends HistoryState {
  readonly events: EventColumns;
  readonly interactions: Interactions;
  readonly counts: InteractionCounts;
}

export interface CatalogueState {
  readonly items: readonly Item[];
  readonly revision: number;
  /** Hash of all items. */
  readonly hash: string;
}

/** What earlier jobs of the run have made. */
export interface Board {
  readonly artifacts: Map<SignalName, ArtifactRef>;
  evaluation: {
    readonly hash: ContentHash;
    readonly report: OfflineReport;
  } | null;
  manifest: { readonly version: number; readonly hash: string } | null;
}

/** One run as its jobs see it. */
export interface Run {
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly learner: Learner;
  readonly duck: DuckDb;
  readonly home: string;
  readonly tenant: string;
  readonly namespace: string;
  readonly runId: string;
  /** Held while the run lives; what is published asks for it. */
  readonly lock: PipelineLock;
  readonly jobs: readonly string[];
  /** Unix milliseconds: later events are not seen. */
  readonly asOf: number;
  readonly codeVersion: string;
  readonly parameters: PipelineParameters;
  readonly backfill: DayRange | undefined;
  /** Learn again even where the same input was learned before. */
  readonly force: boolean;
  /** Events that the last successful run saw; null before the first. */
  readonly lastEvents: number | null;
  readonly replayDays: number;
  readonly lakeFolder: string;
  readonly live: LiveState;
  readonly board: Board;
  /** Known without reading the history where it was read before. */
  readonly history: () => Promise<HistoryState>;
  readonly training: () => Promise<Training>;
  readonly catalogue: () => Promise<CatalogueState>;
  /** Share of the present job that is done, 0 to 1. */
  readonly progress: (fraction: number) => void;
}

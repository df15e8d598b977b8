import type {
  BanditChoice,
  Degradation,
  Exploration,
  FloorReport,
  RankRequest,
  SlateItem,
  SourceReport,
  StageRecord,
  StarterProfile,
  Warning,
} from "@recsys/contracts";
import type { ColdItems } from "./cold-items.ts";
import type { ExpressionFacts } from "./expression.ts";
import type { Anchor, History } from "./history.ts";
import type { Knobs } from "./knob-reader.ts";
import type { Pool } from "./pool.ts";
import type { NamedItem } from "./named-items.ts";
import type { ActiveRules } from "./rules.ts";
import type { Scratch } from "./scratch.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Offered, Source } from "./source.ts";
import type { ActiveTerm } from "./terms/term.ts";

/** A source that scores candidates in this request. */
export interface ActiveSource {
  readonly source: Source;
  /** Its bit in `offeredBy`. */
  readonly bit: number;
  readonly weight: number;
  readonly limit: number;
  readonly offer: Offered;
}

/** A candidate that a PIN rule puts at a 1-based position. */
export interface Placement {
  readonly candidate: number;
  readonly position: number;
  readonly ruleId: string;
}

/** A test of the stage eligibility, made ready for one request. */
export interface ReadyFilter {
  readonly reason: string;
  readonly text: string;
  /** Never removes an item that is on sale, has no window and bears no mark: most items skip it. */
  readonly sparesPlain: boolean;
  readonly removes: (position: number) => boolean;
  /** More exact reason for one removed item, such as the rule. */
  readonly detail?: (position: number) => string;
}

/** An item on trial with the place that it drew. */
export interface Explored {
  readonly candidate: number;
  /** 1-based. */
  readonly position: number;
  readonly propensity: number;
  readonly exploration: Exploration;
}

/** The state of one request on its way through the stages. Lives as long as the call. */
export interface Work {
  readonly snapshot: Snapshot;
  readonly request: RankRequest;
  readonly now: number;
  readonly knobs: Knobs;
  readonly segment: string | null;
  readonly history: History;
  readonly anchors: readonly Anchor[];
  readonly tastes: readonly Anchor[];
  readonly consent: "granted" | "denied" | "unknown";
  readonly rules: ActiveRules;
  readonly pins: readonly NamedItem[];
  readonly boosts: readonly NamedItem[];
  readonly scratch: Scratch;
  readonly pool: Pool;
  readonly filters: readonly ReadyFilter[];
  /** Number of distinct items that exclusions and history will surely remove. */
  readonly hardExcluded: number;
  /** Of the request: for draws that nobody keeps. */
  readonly seed: number;
  readonly facts: ExpressionFacts;
  /** Bundles of knobs that were drawn. */
  readonly bandits: readonly BanditChoice[];
  /** Items on trial; null where nothing is explored. */
  readonly cold: ColdItems | null;
  /** Of the segment that applies. */
  readonly starter: StarterProfile | null;
  /** What moves scores beside the sources. */
  readonly terms: readonly ActiveTerm[];
  active: readonly ActiveSource[];
  reports: readonly SourceReport[];
  /** Candidates that are in, best first once a stage has ordered them. */
  alive: Int32Array;
  placements: Placement[];
  /** The list by place, -1 where a place is open still. */
  places: Int32Array;
  slate: readonly SlateItem[];
  /** What exposure floors did; empty where there are none. */
  floors: readonly FloorReport[];
  /** Candidates that drew their place. */
  explored: readonly Explored[];
  /** How each candidate came in that no source offered. */
  readonly filledBy: Map<number, FilledBy>;
  /** What had removed each candidate that backfill brought back. */
  readonly returned: Map<number, Removal>;
  readonly removals: Removal[];
  readonly warnings: Warning[];
  readonly degraded: Degradation[];
  stage: StageDraft;
}

/** Where backfill found an item. */
export type FilledBy = "popularity" | "fallback" | "catalogue" | "relaxed";

export interface Removal {
  readonly stage: string;
  readonly reason: string;
}

/** The record of the stage that is running. */
export interface StageDraft {
  readonly stage: string;
  in: number;
  /** Where it is not the number of candidates that are in. */
  out?: number;
  removed: Record<string, number>;
}

/** One step of the pipeline: reads and changes the work, and notes every removal. */
export interface Stage {
  readonly name: string;
  /** One sentence for people who read the pipeline. */
  readonly does: string;
  /** Texts of its removal reasons. */
  readonly reasons: Readonly<Record<string, string>>;
  run(work: Work): void;
}

/** Takes a candidate out and notes why. The caller leaves it out of `alive`. */
export function remove(work: Work, candidate: number, reason: string): void {
  const { stage, removed } = work.stage;
  removed[reason] = (removed[reason] ?? 0) + 1;
  let at = work.removals.length - 1;
  while (at >= 0) {
    const each = work.removals[at];
    if (each?.reason === reason && each.stage === stage) break;
    at--;
  }
  if (at < 0) at = work.removals.push({ stage, reason }) - 1;
  work.pool.columns.removal[candidate] = at + 1;
}

/** Runs a stage and records how many came in and went out. */
export function runStage(stage: Stage, work: Work): StageRecord {
  const draft: StageDraft = {
    stage: stage.name,
    in: work.alive.length,
    removed: {},
  };
  work.stage = draft;
  stage.run(work);
  return {
    stage: draft.stage,
    in: draft.in,
    out: draft.out ?? work.alive.length,
    removed: draft.removed,
  };
}

/** The id of a candidate's item. */
export function idOf(work: Work, candidate: number): string {
  const position = work.pool.columns.position[candidate] ?? 0;
  return work.snapshot.catalogue.ids[position] ?? "";
}

import type { BanditChoice, Exploration } from "./bandit.ts";
import type { AttributeValue } from "./item.ts";
import type { KnobValues } from "./knobs.ts";
import type { AppliedPolicies, FloorReport } from "./policy.ts";
import type {
  Degradation,
  Reason,
  RuleEffect,
  Warning,
} from "./list-answer.ts";
import type { Constraints } from "./recommend.ts";
import type { UserState } from "./user.ts";

/** What ranking is asked, after the service normalised the request. Ids of people never reach it. */
export interface RankRequest {
  readonly route: "recommend" | "similar" | "rerank";
  readonly surface: string;
  readonly k: number;
  readonly segment: string | null;
  readonly anchors: readonly string[];
  /** null: any item; a list: only these (include_ids, or the caller's candidates). */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
  /** Items of earlier answers that must not repeat. */
  readonly shown: readonly string[];
  /** Items of the earlier pages of this list. */
  readonly paged?: readonly string[];
  /** Items of the earlier lists of the same page call; those that a rule pins by name may repeat. */
  readonly onPage?: readonly string[];
  /** The answers that `shown` and `onPage` are from. */
  readonly shownBy?: readonly string[];
  readonly constraints: Constraints;
  readonly context: Readonly<Record<string, AttributeValue>>;
  /** Knobs of the experiment variant and of the request itself. */
  readonly experimentKnobs: KnobValues;
  readonly requestKnobs: KnobValues;
  readonly whyNot: readonly string[];
  /** Language of the reasons; absent: English. */
  readonly locale?: string;
  /** Seeds of who asks, for draws that a person or a session keeps; only where something may be drawn. */
  readonly units?: { readonly user?: number; readonly session?: number };
}

export type SourceOutcome = "ok" | "off" | "unavailable" | "not-applicable";

export interface SourceReport {
  readonly source: string;
  readonly outcome: SourceOutcome;
  readonly reason?: string;
  /** Factor of its signal in the score of every candidate. */
  readonly weight: number;
  readonly offered: number;
  readonly survived: number;
}

/** A part of the score beside the sources. */
export interface TermReport {
  readonly term: string;
  /** Factor of its value; below zero where it lowers scores. */
  readonly weight: number;
}

export interface StageRecord {
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  readonly removed: Readonly<Record<string, number>>;
}

/**
 * Feature values at decision time, in the order of the decision's `features`:
 * with its names, every row would be three times as long.
 */
export type FeatureRow = readonly (number | null)[];

export interface SlateItem {
  readonly item_id: string;
  readonly rank: number;
  readonly score: number;
  readonly reasons: readonly Reason[];
  readonly features: FeatureRow;
  /** Values of the terms, in the order of the decision's `terms`; absent where none has weight. */
  readonly terms?: readonly number[];
  /** The BOOST or BURY rule that moved its score, and by how much. */
  readonly rule?: { readonly id: string; readonly amount: number };
  /** Somebody pays for its places; absent where not. */
  readonly sponsored?: true;
  /** Probability that the policy shows this item here; 1 where nothing is drawn. */
  readonly propensity: number;
  /** How the item came to its place, where it was drawn; its propensity is that given the places before it. */
  readonly exploration?: Exploration;
}

export interface RemovedCandidate {
  readonly item_id: string;
  readonly stage: string;
  readonly reason: string;
}

/** Versions of everything that a decision was made from. */
export interface DecisionVersions {
  readonly algo_version: string;
  readonly node_major: number;
  readonly config_version: string;
  readonly tenant_config_version: string;
  readonly rules_version: string;
  readonly fallbacks_version: string;
  readonly experiments_version: string;
  readonly manifest_version: string | null;
  readonly models: Readonly<Record<string, string>>;
  readonly snapshot_revision: string;
  readonly catalogue_revision: number;
  /** What bandits and exploration slots had learned; absent: nothing. */
  readonly posteriors_version?: number;
}

/** One answered request with all that led to it: the unit of audit and replay. */
export interface DecisionRecord {
  readonly schema: 1;
  readonly request_id: string;
  readonly tenant: string;
  readonly namespace: string;
  /** Unix milliseconds; the `now` that ranking was given. */
  readonly now: number;
  readonly seed: number;
  /** HMAC pseudonym of who asked; replaced by the user key when shipped. */
  readonly subject: string | null;
  readonly request: RankRequest;
  readonly user_state: UserState;
  /** The segment that applied, asked for or found; absent in the oldest records. */
  readonly segment?: string | null;
  readonly versions: DecisionVersions;
  readonly sources: readonly SourceReport[];
  /** Utility and slate policy of the surface; absent where it has neither. */
  readonly policies?: AppliedPolicies;
  /** What exposure floors did; absent where the slate policy has none. */
  readonly floors?: readonly FloorReport[];
  /** Terms that moved scores; absent where none did. */
  readonly terms?: readonly TermReport[];
  readonly stages: readonly StageRecord[];
  /** Names of the values in every `features` below. */
  readonly features: readonly string[];
  readonly slate: readonly SlateItem[];
  /** Rules that did something; absent where none did. */
  readonly rules?: readonly RuleEffect[];
  /** Which bundles of knobs were drawn; absent where no bandit acts. */
  readonly bandits?: readonly BanditChoice[];
  readonly degraded: readonly Degradation[];
  readonly warnings: readonly Warning[];
  readonly experiments: readonly {
    readonly id: string;
    readonly variant: string;
  }[];
  readonly timings_ms: Readonly<Record<string, number>>;
  /** Only in the sampled share of decisions. */
  readonly sample?: {
    readonly removed: readonly RemovedCandidate[];
    /** Feature values of scored candidates that did not reach the slate. */
    readonly candidates: readonly {
      readonly item_id: string;
      readonly score: number;
      readonly features: FeatureRow;
      readonly terms?: readonly number[];
    }[];
  };
}

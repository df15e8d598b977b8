import type {
  AppliedPolicies,
  BanditChoice,
  Degradation,
  EffectiveKnob,
  FeatureRow,
  FloorReport,
  RankRequest,
  RemovedCandidate,
  RuleEffect,
  SlateItem,
  SourceReport,
  StageRecord,
  TermReport,
  UserState,
  Warning,
  WhyNot,
} from "@recsys/contracts";
import { divergenceOf, tasteOf } from "./calibration.ts";
import { FEATURE_NAMES, featureReader } from "./features/index.ts";
import { STAGES } from "./pipeline.ts";
import { appliedPolicies } from "./policies.ts";
import { prepareWork } from "./prepare.ts";
import { ruleEffects } from "./rule-effects.ts";
import { chooseSimilarity, intraListSimilarity } from "./similarity.ts";
import type { Snapshot } from "./snapshot.ts";
import { termsOf } from "./stages/explain.ts";
import { compareCandidates } from "./stages/rules.ts";
import { explainAbsence } from "./why-not.ts";
import { idOf, runStage, type Work } from "./work.ts";

export interface RankInput {
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly userState: UserState;
  /** Unix milliseconds. */
  readonly now: number;
  /** For draws of exploration; the same record has the same seed. */
  readonly seed: number;
  /** Milliseconds from any origin, for timings only. */
  readonly clock?: () => number;
  /** Also list removed candidates, and those scored but not listed with their features: for the sampled share of decisions. */
  readonly sample?: boolean;
}

export interface RankedCandidate {
  readonly item_id: string;
  readonly score: number;
  readonly features: FeatureRow;
  /** Values of the active terms, in their order. */
  readonly terms?: readonly number[];
}

export interface RankResult {
  /** Names of the values in every `features` of slate and candidates. */
  readonly features: readonly string[];
  readonly slate: readonly SlateItem[];
  readonly segment: string | null;
  /** Bundles of knobs that bandits drew. */
  readonly bandits: readonly BanditChoice[];
  /** The policies of the surface, as far as it has any. */
  readonly policies: AppliedPolicies;
  /** What the exposure floors of the slate policy did to this list. */
  readonly floors: readonly FloorReport[];
  readonly knobs: readonly EffectiveKnob[];
  readonly sources: readonly SourceReport[];
  /** The terms that moved scores, in the order in which they did. */
  readonly terms: readonly TermReport[];
  readonly stages: readonly StageRecord[];
  /** Empty unless `sample`. Sorted by stage and item id. */
  readonly removed: readonly RemovedCandidate[];
  /** Scored candidates that are not in the slate, best first. Empty unless `sample`. */
  readonly candidates: readonly RankedCandidate[];
  readonly whyNot: readonly WhyNot[];
  readonly degraded: readonly Degradation[];
  readonly warnings: readonly Warning[];
  /** What rules did, for those that did something. */
  readonly rules: readonly RuleEffect[];
  readonly counts: Readonly<Record<string, number>>;
  readonly diversity: {
    readonly intra_list_similarity: number | null;
    readonly distinct_brands: number;
    readonly distinct_categories: number;
    /** Divergence of its categories from the user's taste, in nats; null where nothing is known of that. */
    readonly calibration_kl: number | null;
  };
  readonly timingsMs: Readonly<Record<string, number>>;
}

/**
 * The list for a request. Pure and synchronous: the same input gives the same
 * output to the last bit, whatever order the catalogue, the signals or the
 * ids in the request stand in.
 */
export function rank(input: RankInput): RankResult {
  const work = prepareWork(input);
  const stages: StageRecord[] = [];
  const timingsMs: Record<string, number> = {};
  const { clock } = input;
  let before = clock?.() ?? 0;
  for (const stage of STAGES) {
    stages.push(runStage(stage, work));
    if (clock === undefined) continue;
    const after = clock();
    timingsMs[stage.name] = after - before;
    before = after;
  }
  const { slate } = work;
  const counts = countsOf(work, stages);
  const sampled = input.sample === true;
  const warnings = [...work.knobs.warnings, ...work.warnings];
  return {
    features: FEATURE_NAMES,
    slate,
    segment: work.segment,
    bandits: work.bandits,
    policies: appliedPolicies(work.snapshot.config, work.request.surface),
    floors: work.floors,
    knobs: work.knobs.effective,
    sources: work.reports,
    terms: work.terms.map(({ term, weight }) => ({ term: term.name, weight })),
    stages,
    removed: sampled ? removedOf(work) : [],
    candidates: sampled ? outrankedOf(work) : [],
    diversity: measureDiversity(work),
    rules: ruleEffects(work),
    counts,
    whyNot: work.request.whyNot.length > 0 ? explainAbsence(work, slate) : [],
    degraded: [...work.degraded],
    warnings,
    timingsMs,
  };
}

function countsOf(
  work: Work,
  stages: readonly StageRecord[],
): Readonly<Record<string, number>> {
  const out = (name: string): number =>
    stages.find(({ stage }) => stage === name)?.out ?? 0;
  return {
    offered: out("sources"),
    candidates: out("merge"),
    eligible: out("eligibility"),
    backfilled: work.filledBy.size,
    returned: work.slate.length,
  };
}

function removedOf(work: Work): RemovedCandidate[] {
  const { removal, position } = work.pool.columns;
  const removed: RemovedCandidate[] = [];
  for (let candidate = 0; candidate < work.pool.count; candidate++) {
    const found = work.removals[(removal[candidate] ?? 0) - 1];
    if (found === undefined) continue;
    const filter = work.filters.find(({ reason }) => reason === found.reason);
    const detail =
      found.stage === "eligibility"
        ? filter?.detail?.(position[candidate] ?? 0)
        : undefined;
    removed.push({
      item_id: idOf(work, candidate),
      stage: found.stage,
      reason: detail ?? found.reason,
    });
  }
  return removed.sort((a, b) => (a.item_id < b.item_id ? -1 : 1));
}

/** Candidates that eligibility let through and the list has no place for. */
function outrankedOf(work: Work): RankedCandidate[] {
  const readFeatures = featureReader(work);
  const { removal, score } = work.pool.columns;
  const outranked: number[] = [];
  for (let candidate = 0; candidate < work.pool.count; candidate++) {
    const found = work.removals[(removal[candidate] ?? 0) - 1];
    if (found !== undefined && found.stage !== "eligibility") {
      outranked.push(candidate);
    }
  }
  return outranked
    .sort((a, b) => compareCandidates(work, a, b))
    .map((candidate) => ({
      item_id: idOf(work, candidate),
      score: score[candidate] ?? 0,
      features: readFeatures(candidate),
      ...termsOf(work, candidate),
    }));
}

function measureDiversity(work: Work): RankResult["diversity"] {
  const { catalogue, bound } = work.snapshot;
  const { brand, category } = catalogue.columns;
  const positions = Array.from(
    work.alive,
    (candidate) => work.pool.columns.position[candidate] ?? 0,
  );
  const taste = tasteOf(work.tastes, category);
  const similarity = chooseSimilarity(
    work.knobs.choice("diversity.similarity"),
    catalogue,
    bound.content,
  );
  return {
    intra_list_similarity: intraListSimilarity(positions, similarity),
    distinct_brands: distinct(positions, brand),
    distinct_categories: distinct(positions, category),
    calibration_kl:
      taste &&
      divergenceOf(
        taste,
        positions.map((position) => category[position] ?? 0),
      ),
  };
}

/** Number of distinct words, those without one left out. */
function distinct(positions: readonly number[], words: Int32Array): number {
  const found = new Set(positions.map((position) => words[position] ?? 0));
  found.delete(0);
  return found.size;
}

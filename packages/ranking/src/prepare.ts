import {
  DEFAULT_EXPLORATION,
  withoutReturned,
  type Degradation,
  type Item,
  type RankRequest,
  type UserState,
} from "@recsys/contracts";
import {
  chooseBundles,
  withBundles,
  type ChosenBundles,
} from "./bandits/choose-bundles.ts";
import { drawFor, type DrawFacts } from "./bandits/draw.ts";
import { findCold } from "./cold-items.ts";
import { prepareFilters } from "./eligibility/filter.ts";
import { FILTERS } from "./eligibility/index.ts";
import { bindFilter, type ExpressionFacts } from "./expression.ts";
import { readHistory, readTastes, requestAnchors } from "./history.ts";
import { resolveKnobs } from "./knob-layers.ts";
import type { Knobs } from "./knob-reader.ts";
import { clearPool } from "./pool.ts";
import { boostedItems, namedItems } from "./named-items.ts";
import { thresholdsFor } from "./policy-labels.ts";
import { activateRules, type ActiveRules } from "./rules.ts";
import { markItems } from "./mark-items.ts";
import { clearMarks } from "./scratch.ts";
import { matchSegment } from "./segments.ts";
import type { Snapshot } from "./snapshot.ts";
import { mutedTerms, prepareTerms } from "./terms/prepare-terms.ts";
import type { ReadyFilter, Work } from "./work.ts";

/** What `prepareWork` needs of the input of `rank`. */
interface Asked {
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly userState: UserState;
  readonly now: number;
  /** 0 unless said. */
  readonly seed?: number;
}

/** Everything that the stages share: segment, knobs, history, anchors, marks, filters, rules. */
export function prepareWork(raw: Asked): Work {
  const asked = { ...raw, userState: withoutReturned(raw.userState) };
  const { request, snapshot, userState, now } = asked;
  const { catalogue, config, scratch } = snapshot;
  clearMarks(scratch);
  clearPool(scratch.pool);
  const facts = factsOf(asked);
  const segment =
    request.segment ??
    matchSegment(config.segments, facts, snapshot.expressions);
  const drawn = { request, seed: asked.seed ?? 0, now, segment, facts };
  const bundles = chooseBundles(snapshot, drawn);
  const knobs = resolveKnobs(snapshot, withBundles(request, bundles), segment);
  const place = { catalogue, config, knobs, now, scratch };
  const history = readHistory(userState, place);
  const tastes = readTastes(history, knobs);
  const given = requestAnchors(request, catalogue);
  const rules = activateRules(snapshot.compiledRules, {
    surface: request.surface,
    segment,
    facts,
  });
  const pins = namedItems(rules, rules.pins, catalogue);
  const hardExcluded = markItems({ ...asked, knobs, history, given, pins });
  return {
    snapshot,
    request,
    now,
    knobs,
    segment,
    history,
    tastes,
    anchors: request.anchors.length > 0 ? given : tastes,
    consent: userState.consent,
    rules,
    pins,
    boosts: boostedItems(rules, snapshot),
    scratch,
    pool: scratch.pool,
    filters: filtersOf({ ...asked, knobs, rules, facts }),
    hardExcluded,
    ...beginnings({ ...drawn, snapshot, knobs, bundles }),
    terms: prepareTerms({ ...asked, history, knobs }),
    ...EMPTY,
    filledBy: new Map(),
    returned: new Map(),
    removals: [],
    warnings: [],
    degraded: [...degradedRules(snapshot), ...mutedTerms(knobs, snapshot)],
    stage: { stage: "prepare", in: 0, removed: {} },
  };
}

const EMPTY = {
  active: [],
  reports: [],
  alive: new Int32Array(0),
  placements: [],
  places: new Int32Array(0),
  explored: [],
  floors: [],
  slate: [],
};

function filtersOf(
  asked: Asked & {
    readonly knobs: Knobs;
    readonly rules: ActiveRules;
    readonly facts: ExpressionFacts;
  },
): readonly ReadyFilter[] {
  const { request, snapshot, userState, facts } = asked;
  return prepareFilters(FILTERS, {
    ...asked,
    catalogue: snapshot.catalogue,
    thresholds: thresholdsFor(snapshot.config, {
      surface: request.surface,
      traits: userState.traits,
    }),
    where: filterOf(request, snapshot, facts),
    marks: snapshot.scratch.marks,
  });
}

/** For items and people of whom little is known yet. */
function beginnings(
  asked: DrawFacts & {
    readonly request: RankRequest;
    readonly snapshot: Snapshot;
    readonly knobs: Knobs;
    readonly segment: string | null;
    readonly facts: ExpressionFacts;
    readonly bundles: ChosenBundles;
  },
): Pick<Work, "seed" | "facts" | "bandits" | "cold" | "starter"> {
  const { segments, exploration = DEFAULT_EXPLORATION } = asked.snapshot.config;
  return {
    seed: asked.seed,
    facts: asked.facts,
    bandits: asked.bundles.choices,
    cold: findCold({
      ...asked,
      surface: asked.request.surface,
      draw: () => drawFor("turn", exploration, asked),
    }),
    starter:
      segments.find(({ name }) => name === asked.segment)?.starter ?? null,
  };
}

/** Rules that are left out are no secret. */
function degradedRules({ compiledRules }: Snapshot): Degradation[] {
  const { unreadable } = compiledRules;
  if (unreadable.length === 0) return [];
  const names = unreadable.slice(0, 10).join(", ");
  const reason = `the expressions of ${names} do not fit the schema of the catalogue`;
  return [{ part: "rules", reason }];
}

/** What segments and expressions may ask about. Without consent there is no history. */
function factsOf({ request, userState, now }: Asked): ExpressionFacts {
  return {
    traits: userState.traits,
    context: request.context,
    events: userState.consent === "denied" ? [] : userState.events,
    now,
  };
}

function filterOf(
  request: RankRequest,
  { expressions }: Snapshot,
  facts: ExpressionFacts,
): ((item: Item) => boolean) | null {
  const { where } = request.constraints;
  const expression =
    where === undefined ? null : expressions.find(where, "filter");
  return expression && bindFilter(expression, facts);
}

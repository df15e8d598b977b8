import {
  DAY_MS,
  type Degradation,
  type Item,
  type RankRequest,
  type UserState,
} from "@recsys/contracts";
import { prepareFilters } from "./eligibility/filter.ts";
import { FILTERS } from "./eligibility/index.ts";
import { bindFilter, type ExpressionFacts } from "./expression.ts";
import {
  readHistory,
  readTastes,
  requestAnchors,
  type Anchor,
  type History,
} from "./history.ts";
import { cappedPositions } from "./impressions.ts";
import { resolveKnobs } from "./knob-layers.ts";
import type { Knobs } from "./knob-reader.ts";
import { clearPool } from "./pool.ts";
import { namedItems } from "./named-items.ts";
import { activateRules } from "./rules.ts";
import { clearMarks, mark, MARK, type Scratch } from "./scratch.ts";
import { matchSegment } from "./segments.ts";
import type { Snapshot } from "./snapshot.ts";
import { prepareTerms } from "./terms/prepare-terms.ts";
import type { Work } from "./work.ts";

/** What `prepareWork` needs of the input of `rank`. */
interface Asked {
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly userState: UserState;
  readonly now: number;
}

/** Everything that the stages share: segment, knobs, history, anchors, marks, filters, rules. */
export function prepareWork(asked: Asked): Work {
  const { request, snapshot, userState, now } = asked;
  const { catalogue, config, scratch } = snapshot;
  clearMarks(scratch);
  clearPool(scratch.pool);
  const facts = factsOf(asked);
  const segment =
    request.segment ??
    matchSegment(config.segments, facts, snapshot.expressions);
  const knobs = resolveKnobs(snapshot, request, segment);
  const place = { catalogue, config, knobs, now, scratch };
  const history = readHistory(userState, place);
  const tastes = readTastes(history, knobs);
  const given = requestAnchors(request, catalogue);
  const hardExcluded = markItems({ ...asked, knobs, history, given });
  const rules = activateRules(snapshot.compiledRules, {
    surface: request.surface,
    segment,
    facts,
  });
  const filters = prepareFilters(FILTERS, {
    request,
    catalogue,
    knobs,
    rules,
    where: filterOf(request, snapshot, facts),
    now,
    marks: scratch.marks,
  });
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
    pins: namedItems(rules, rules.pins, catalogue),
    boosts: namedItems(rules, rules.boosts, catalogue),
    scratch,
    pool: scratch.pool,
    filters,
    hardExcluded,
    terms: prepareTerms({ ...asked, history, knobs }),
    ...EMPTY,
    filledBy: new Map(),
    returned: new Map(),
    removals: [],
    warnings: [],
    degraded: degradedRules(snapshot),
    stage: { stage: "prepare", in: 0, removed: {} },
  };
}

const EMPTY = {
  active: [],
  reports: [],
  alive: new Int32Array(0),
  placements: [],
  places: new Int32Array(0),
  slate: [],
};

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

/**
 * Marks what the request and the history say of items; returns how many
 * distinct items that will surely remove, by which sources over-fetch.
 */
function markItems(
  of: Asked & {
    readonly knobs: Knobs;
    readonly history: History;
    readonly given: readonly Anchor[];
  },
): number {
  const { request, snapshot, knobs, given } = of;
  const { scratch, catalogue } = snapshot;
  markIds(snapshot, request.exclude, MARK.excluded);
  markIds(snapshot, request.shown, MARK.shown);
  for (const { position } of given) mark(scratch, position, MARK.anchor);
  markHistory(scratch, of);
  for (const position of cappedPositions({ ...of, catalogue }, knobs)) {
    mark(scratch, position, MARK.capped);
  }
  const surelyRemoved = scratch.marked.length;
  markIds(snapshot, request.include ?? [], MARK.included);
  return surelyRemoved;
}

function markIds(
  { scratch, catalogue }: Snapshot,
  ids: readonly string[],
  bit: number,
): void {
  for (const id of ids) {
    const position = catalogue.positionOf(id);
    if (position >= 0) mark(scratch, position, bit);
  }
}

function markHistory(
  scratch: Scratch,
  {
    history,
    knobs,
    now,
  }: Pick<Asked, "now"> & {
    readonly history: History;
    readonly knobs: Knobs;
  },
): void {
  const what = knobs.choice("eligibility.exclude_seen");
  const repeatMs = knobs.number("eligibility.repeat_after_days") * DAY_MS;
  for (const item of history.items) {
    if (item.isDisliked) mark(scratch, item.position, MARK.disliked);
    const isDue = repeatMs > 0 && now - item.lastPurchaseTs >= repeatMs;
    if (isDue && item.purchases > 0) continue;
    if (what === "all") mark(scratch, item.position, MARK.seen);
    if (what === "purchased" && item.purchases > 0) {
      mark(scratch, item.position, MARK.purchased);
    }
  }
}

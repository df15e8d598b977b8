import { createCaps, createPromotedCaps, type Caps } from "../caps.ts";
import { compareIds } from "../catalogue.ts";
import { findRemoval } from "../eligibility/filter.ts";
import { addCandidate } from "../pool.ts";
import type { FilledBy, Stage, Work } from "../work.ts";
import { applyAmounts, compareCandidates } from "./rules.ts";
import { scoreCandidates } from "./score.ts";

/**
 * Fills open places: deeper popularity, then the owned fallback list, then any
 * eligible item of the catalogue (both flagged as degraded), then what the
 * caps had taken out (with a warning). Only when all of that is used up may
 * the list be short.
 */
export const backfill: Stage = {
  name: "backfill",
  does: "Open places are filled from deeper popularity, then the fallback list, then the catalogue; caps yield last.",
  reasons: {},
  run(work) {
    if (work.places.includes(-1)) {
      const caps = countPlaces(work, createCaps(work));
      fill(work, popularPositions(work), { caps, by: "popularity" });
      fillFromFallbacks(work, caps);
      fillFromCatalogue(work, caps);
      relaxCaps(work, caps);
    }
    work.alive = work.places.filter((candidate) => candidate >= 0);
    if (work.alive.length < work.request.k) warnOfShortness(work);
  },
};

/** The caps with what has a place counted. */
function countPlaces({ places, pool }: Work, caps: Caps): Caps {
  for (const candidate of places) {
    if (candidate >= 0) caps.add(pool.columns.position[candidate] ?? 0);
  }
  return caps;
}

/** Tries items one after the other until every place is taken; returns how many were placed. */
function fill(
  work: Work,
  positions: Iterable<number>,
  how: { readonly caps: Caps; readonly by: FilledBy },
): number {
  const { pool } = work;
  let open = work.places.filter((candidate) => candidate === -1).length;
  const before = open;
  for (const position of positions) {
    if (open === 0) break;
    if (position < 0 || isListed(work, position)) continue;
    if (findRemoval(work.filters, position) !== undefined) continue;
    if (how.caps.broken(position) !== null) continue;
    const candidate = addCandidate(pool, position);
    noteReturn(work, candidate);
    scoreCandidates(work, Int32Array.of(candidate));
    if (work.rules.hasAmounts) applyAmounts(work, Int32Array.of(candidate));
    how.caps.add(position);
    work.places[work.places.indexOf(-1)] = candidate;
    work.filledBy.set(candidate, how.by);
    open--;
  }
  return before - open;
}

/** What an earlier stage took out is in again. */
function noteReturn({ pool, removals, returned }: Work, candidate: number) {
  const { removal } = pool.columns;
  const before = removals[(removal[candidate] ?? 0) - 1];
  if (before !== undefined) returned.set(candidate, before);
  removal[candidate] = 0;
}

function isListed(work: Work, position: number): boolean {
  const candidate = (work.pool.candidateAt[position] ?? 0) - 1;
  return candidate >= 0 && work.places.includes(candidate);
}

/** The list of everybody from the top, as catalogue positions. */
function* popularPositions(work: Work): Generator<number> {
  const bound = work.snapshot.bound.popularity;
  const list = bound?.view.groups.get("");
  if (bound === undefined || list === undefined) return;
  for (const item of list.items) yield bound.toCatalogue[item] ?? -1;
}

function fillFromFallbacks(work: Work, caps: Caps): void {
  const { lists } = work.snapshot.fallbacks;
  const { surfaces } = work.snapshot.config;
  const { surface } = work.request;
  const registered = Object.hasOwn(surfaces, surface)
    ? surfaces[surface]
    : undefined;
  const wanted = registered?.fallback ?? surface;
  const name = Object.hasOwn(lists, wanted) ? wanted : "default";
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list === undefined || !work.places.includes(-1)) return;
  const { segments = {} } = list;
  const { segment } = work;
  const own =
    segment !== null && Object.hasOwn(segments, segment)
      ? segments[segment]
      : undefined;
  const positions = (own ?? list.item_ids).map((id) =>
    work.snapshot.catalogue.positionOf(id),
  );
  const filled = fill(work, positions, { caps, by: "fallback" });
  if (filled === 0) return;
  const isExpired = Date.parse(list.expires_at) <= work.now;
  const whose = own === undefined ? "" : ` for the segment ${segment ?? ""}`;
  work.degraded.push({
    part: "fallback",
    reason: `${filled} places were filled from the fallback list ${name}${whose}${isExpired ? ", which has expired" : ""}`,
  });
}

function fillFromCatalogue(work: Work, caps: Caps): void {
  if (!work.places.includes(-1)) return;
  const filled = fill(work, eligibleById(work), { caps, by: "catalogue" });
  if (filled === 0) return;
  work.degraded.push({
    part: "backfill",
    reason: `${filled} places were filled with any eligible items of the catalogue`,
  });
}

/** The last resort: all eligible items in the order of their ids. */
function eligibleById({ snapshot, filters }: Work): number[] {
  const { catalogue } = snapshot;
  const eligible: number[] = [];
  for (let position = 0; position < catalogue.size; position++) {
    if (findRemoval(filters, position) === undefined) eligible.push(position);
  }
  return eligible.sort((a, b) => compareIds(catalogue.ids, a, b));
}

/** Caps per brand and category are kept while anything else is left; then the best of what they took out comes back, then anything. */
function relaxCaps(work: Work, caps: Caps): void {
  if (!caps.isOn || !work.places.includes(-1)) return;
  const { pool, removals } = work;
  const capped: number[] = [];
  for (let candidate = 0; candidate < pool.count; candidate++) {
    const removal = removals[(pool.columns.removal[candidate] ?? 0) - 1];
    if (removal?.stage === "diversity") capped.push(candidate);
  }
  capped.sort((a, b) => compareCandidates(work, a, b));
  const positions = capped.map((c) => pool.columns.position[c] ?? 0);
  const hard = countPlaces(work, createPromotedCaps(work));
  const how = { caps: hard, by: "relaxed" as const };
  const back =
    fill(work, positions, how) +
    fill(work, popularPositions(work), how) +
    (work.places.includes(-1) ? fill(work, eligibleById(work), how) : 0);
  if (back === 0) return;
  work.warnings.push({
    code: "CAPS_RELAXED",
    detail: `${back} items are above the limits per brand or category, because nothing else is eligible`,
  });
}

function warnOfShortness(work: Work): void {
  const found = work.alive.length;
  work.warnings.push({
    code: found === 0 ? "NO_ITEMS" : "FEWER_THAN_K",
    detail: `${found} of ${work.request.k} items: the catalogue has no more that this request allows`,
  });
}

import { compareIds } from "../catalogue.ts";
import { findRemoval } from "../eligibility/filter.ts";
import { addCandidate } from "../pool.ts";
import { applyAmounts, compareCandidates } from "../stages/rules.ts";
import { scoreCandidates } from "../stages/score.ts";
import type { Work } from "../work.ts";
import type { IsMember } from "./member.ts";

/** Of items that nobody offered so many are scored for each place that is wanted. */
const CHOICE = 5;

/**
 * Members of a floor that no source offered, scored and best first: looked
 * for among the popular items, then the newest, then all by id. They become
 * candidates.
 */
export function findOutside(
  work: Work,
  isMember: IsMember,
  wanted: number,
): number[] {
  const most = wanted * CHOICE;
  const found: number[] = [];
  for (const list of [popular, newest, byId]) {
    if (found.length < wanted) {
      collect(work, list(work, isMember), { isMember, most, found });
    }
  }
  const candidates = Int32Array.from(found);
  work.stage.in += found.length;
  scoreCandidates(work, candidates);
  if (work.rules.hasAmounts) applyAmounts(work, candidates);
  return found.sort((a, b) => compareCandidates(work, a, b));
}

function collect(
  work: Work,
  positions: Iterable<number>,
  into: {
    readonly isMember: IsMember;
    readonly most: number;
    readonly found: number[];
  },
): void {
  const { isMember, most, found } = into;
  for (const position of positions) {
    if (found.length >= most) return;
    if (position < 0 || !isMember(position)) continue;
    // What is a candidate already was tried, or taken out.
    if ((work.pool.candidateAt[position] ?? 0) > 0) continue;
    if (findRemoval(work.filters, position) !== undefined) continue;
    found.push(addCandidate(work.pool, position));
  }
}

function* popular({ snapshot }: Work): Generator<number> {
  const bound = snapshot.bound.popularity;
  const list = bound?.view.groups.get("");
  if (bound === undefined || list === undefined) return;
  for (const item of list.items) yield bound.toCatalogue[item] ?? -1;
}

function newest({ snapshot }: Work): Int32Array {
  return snapshot.catalogue.newestFirst();
}

/** Only members are sorted: a catalogue is large, a floor's share of it seldom. */
function byId({ snapshot }: Work, isMember: IsMember): number[] {
  const { ids, size } = snapshot.catalogue;
  const members: number[] = [];
  for (let position = 0; position < size; position++) {
    if (isMember(position)) members.push(position);
  }
  return members.sort((a, b) => compareIds(ids, a, b));
}

import type { Rule } from "@recsys/contracts";
import { isSponsored, promotedLimits } from "../caps.ts";
import { compareIds } from "../catalogue.ts";
import { amountOf, firstMatch, matches } from "../rules.ts";
import { idOf, type Placement, type Stage, type Work } from "../work.ts";

export const rules: Stage = {
  name: "rules",
  does: "BOOST and BURY move scores; of several rules for one item the highest priority decides. PIN rules choose their items.",
  reasons: {},
  run(work) {
    if (work.rules.hasAmounts) applyAmounts(work, work.alive);
    work.placements = choosePlacements(work);
  },
};

export function applyAmounts(work: Work, candidates: Int32Array): void {
  const { items } = work.snapshot.catalogue;
  const { position, score, rule } = work.pool.columns;
  for (const candidate of candidates) {
    const item = items[position[candidate] ?? 0];
    if (!item) continue;
    const number = firstMatch(work.rules, item, ["BOOST", "BURY"]);
    if (number < 0) continue;
    rule[candidate] = number + 1;
    score[candidate] =
      (score[candidate] ?? 0) + amountOf(work.rules, number, item);
  }
}

/**
 * Where each PIN rule puts its items: those it names in order from its
 * position on, or, where it names none, the best candidate that matches. A
 * place taken by a rule of higher precedence gives way to the next free one;
 * without a free place the item stays an ordinary candidate.
 */
function choosePlacements(work: Work): Placement[] {
  const placements: Placement[] = [];
  const promotion = createPromotion(work);
  const isPlaced = new Set<number>();
  const isTaken = new Set<number>();
  for (const pin of work.rules.pins) {
    const compiled = work.rules.compiled.rules[pin];
    if (compiled === undefined) continue;
    const { rule, ids } = compiled;
    let position = rule.position ?? 1;
    for (const candidate of pinnedCandidates(work, pin, ids)) {
      if (isPlaced.has(candidate)) continue;
      if (!promotion.mayTake(rule, candidate)) continue;
      while (isTaken.has(position)) position++;
      if (position > work.request.k) {
        warnOfNoPlace(work, rule);
        break;
      }
      promotion.take(candidate);
      isPlaced.add(candidate);
      isTaken.add(position);
      placements.push({ candidate, position, ruleId: rule.id });
    }
  }
  return placements;
}

/** Pins are promotion: they count against its share, and sponsored ones against the cap on those. */
function createPromotion(work: Work) {
  const limits = promotedLimits(work);
  const sponsoredOf = (candidate: number): number =>
    isSponsored(work, candidate) ? 1 : 0;
  let pinned = 0;
  let sponsored = 0;
  return {
    mayTake(rule: Rule, candidate: number): boolean {
      const isOver = sponsored + sponsoredOf(candidate) > limits.sponsored;
      if (!isOver && pinned < limits.promoted) return true;
      const detail = isOver
        ? `rule ${rule.id}: ${idOf(work, candidate)} would be one too many of the sponsored items (slots.sponsored_max)`
        : `rule ${rule.id}: promotion has its share of the list (slots.promoted_share)`;
      work.warnings.push({ code: "PIN_NOT_PLACED", detail });
      return false;
    },
    take(candidate: number): void {
      pinned++;
      sponsored += sponsoredOf(candidate);
    },
  };
}

function warnOfNoPlace(work: Work, rule: Rule): void {
  work.warnings.push({
    code: "PIN_NOT_PLACED",
    detail: `rule ${rule.id} has no free place at or after position ${rule.position ?? 1}`,
  });
}

function pinnedCandidates(
  work: Work,
  pin: number,
  ids: readonly string[] | null,
): number[] {
  const { catalogue } = work.snapshot;
  const { columns, candidateAt } = work.pool;
  const isMatch = (candidate: number): boolean => {
    const item = catalogue.items[columns.position[candidate] ?? 0];
    return item ? matches(work.rules, pin, item) : false;
  };
  const isIn = (candidate: number): boolean =>
    candidate >= 0 && columns.removal[candidate] === 0 && isMatch(candidate);
  if (ids !== null) {
    return ids
      .map((id) => (candidateAt[catalogue.positionOf(id)] ?? 0) - 1)
      .filter(isIn);
  }
  const best = Array.from(work.alive)
    .filter(isIn)
    .sort((a, b) => compareCandidates(work, a, b));
  return best.slice(0, 1);
}

/** Higher score first, ties by item id. */
export function compareCandidates(work: Work, a: number, b: number): number {
  const { score, position } = work.pool.columns;
  const difference = (score[b] ?? 0) - (score[a] ?? 0);
  if (difference !== 0) return difference;
  const { ids } = work.snapshot.catalogue;
  return compareIds(ids, position[a] ?? 0, position[b] ?? 0);
}

import type { RuleEffect } from "@recsys/contracts";
import { firstMatch } from "./rules.ts";
import type { Work } from "./work.ts";

/**
 * What each rule did in one request, for rules that met an item: BLOCK counts
 * candidates that it took out, BOOST and BURY those whose score they moved,
 * PIN those that it placed. Sorted by id.
 */
export function ruleEffects(work: Work): RuleEffect[] {
  const counts = new Map<string, { applied: number; listed: number }>();
  const count = (id: string | undefined, isListed: boolean): void => {
    if (id === undefined) return;
    const found = counts.get(id) ?? { applied: 0, listed: 0 };
    found.applied += 1;
    if (isListed) found.listed += 1;
    counts.set(id, found);
  };
  const {
    rules,
    rules: { compiled },
  } = work;
  if (rules.hasBlocks) countBlocked(work, count);
  if (rules.hasAmounts) {
    const isListed = new Set(work.alive);
    const { rule } = work.pool.columns;
    for (let candidate = 0; candidate < work.pool.count; candidate++) {
      const number = (rule[candidate] ?? 0) - 1;
      count(compiled.rules[number]?.rule.id, isListed.has(candidate));
    }
  }
  for (const { ruleId } of work.placements) count(ruleId, true);
  return [...counts]
    .map(([id, found]) => ({ id, ...found }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function countBlocked(
  work: Work,
  count: (id: string | undefined, isListed: boolean) => void,
): void {
  const { rules, pool, removals, snapshot } = work;
  const { removal, position } = pool.columns;
  const at = removals.findIndex(({ reason }) => reason === "blocked") + 1;
  if (at === 0) return;
  for (let candidate = 0; candidate < pool.count; candidate++) {
    const item = snapshot.catalogue.items[position[candidate] ?? 0];
    if (removal[candidate] !== at || !item) continue;
    const number = firstMatch(rules, item, ["BLOCK"]);
    count(rules.compiled.rules[number]?.rule.id, false);
  }
}

import type { Catalogue } from "./catalogue.ts";
import { matches, type ActiveRules } from "./rules.ts";
import { listHead } from "./signals/ranked-lists.ts";
import type { Snapshot } from "./snapshot.ts";

/** An item that a rule means. */
export interface NamedItem {
  readonly itemId: string;
  readonly ruleId: string;
}

/** More named items than this are not brought in by one list of rules. */
const MOST_NAMED = 200;

/** The items that some rules in force name by id, by precedence; an item named twice counts once. */
export function namedItems(
  active: ActiveRules,
  numbers: readonly number[],
  catalogue: Catalogue,
): readonly NamedItem[] {
  if (numbers.length === 0) return [];
  const named = new Map<string, NamedItem>();
  for (const number of numbers) {
    const compiled = active.compiled.rules[number];
    for (const itemId of compiled?.ids ?? []) {
      if (named.size === MOST_NAMED) return [...named.values()];
      const position = catalogue.positionOf(itemId);
      const item = position < 0 ? null : catalogue.items[position];
      if (!compiled || !item || named.has(itemId)) continue;
      if (!matches(active, number, item)) continue;
      named.set(itemId, { itemId, ruleId: compiled.rule.id });
    }
  }
  return [...named.values()];
}

/** Rules that mean items by what they are bring some in from among so many of the most popular. */
const LOOKED_AT = 500;
const MOST_OF_A_RULE = 20;
const MOST_RULES = 20;

/**
 * What BOOST rules in force bring in: the items that they name, and of those
 * that they mean by tag, brand, category or expression the most popular. At
 * most 20 × 500 items are looked at, whatever the catalogue.
 */
export function boostedItems(
  active: ActiveRules,
  snapshot: Snapshot,
): readonly NamedItem[] {
  const { catalogue } = snapshot;
  const named = namedItems(active, active.boosts, catalogue);
  const unnamed = active.boosts.filter(
    (number) => active.compiled.rules[number]?.ids === null,
  );
  if (unnamed.length === 0 || snapshot.bound.popularity === undefined) {
    return named;
  }
  const found = new Map(named.map((each) => [each.itemId, each]));
  const head = listHead(snapshot.bound.popularity, "", LOOKED_AT);
  for (const number of unnamed.slice(0, MOST_RULES)) {
    const ruleId = active.compiled.rules[number]?.rule.id ?? "";
    let picked = 0;
    for (const position of head) {
      const item = catalogue.items[position];
      if (!item || !matches(active, number, item)) continue;
      const { item_id: itemId } = item;
      if (!found.has(itemId)) found.set(itemId, { itemId, ruleId });
      if (++picked === MOST_OF_A_RULE) break;
    }
  }
  return [...found.values()];
}

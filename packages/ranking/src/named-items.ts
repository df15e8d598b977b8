import type { Catalogue } from "./catalogue.ts";
import { matches, type ActiveRules } from "./rules.ts";

/** An item that a rule names by id. */
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

import type { Expression, Item, Rule } from "@recsys/contracts";
import type { Catalogue } from "./catalogue.ts";
import {
  activateAll,
  matches,
  type ActiveRules,
  type CompiledRule,
  type CompiledRules,
} from "./rules.ts";

/**
 * Something about a rule set that its author should know:
 * - `never_matching`: no item of the catalogue is meant, or its time is over;
 * - `unreadable`: its expression does not fit the schema;
 * - `shadowed`: another rule decides for every item that it means;
 * - `contradictory`: two rules pull items apart, in the same place at the same time;
 * - `same_position`: two PIN rules want one place.
 */
export interface RuleConflict {
  readonly kind:
    | "contradictory"
    | "never_matching"
    | "same_position"
    | "shadowed"
    | "unreadable";
  /** The rule that suffers first. */
  readonly rules: readonly string[];
  /** Items that are meant by both, or by none. */
  readonly items: number;
  readonly text: string;
}

/** More pairs than these are not looked at: what is found is true still. */
const MOST_PAIRS = 200_000;

/**
 * Every conflict that the catalogue, scopes and windows show. Rules whose
 * expressions ask about the user or the request are taken to hold sometimes:
 * they are never called useless, and they shadow nothing. One pass over the
 * catalogue; cost grows with items × rules that concern each.
 */
export function findRuleConflicts(
  compiled: CompiledRules,
  catalogue: Catalogue,
  now: number,
): RuleConflict[] {
  const active = activateAll(compiled, now);
  const met = meet(active, catalogue);
  const found: RuleConflict[] = compiled.unreadable.map((id) => ({
    kind: "unreadable",
    rules: [id],
    items: 0,
    text: `${id} is not in force: its expression does not fit the schema of the catalogue`,
  }));
  compiled.rules.forEach((each, number) => {
    const useless = whyUseless(each, met.counts[number] ?? 0, now);
    if (useless !== null) {
      found.push({
        kind: "never_matching",
        rules: [each.rule.id],
        items: 0,
        text: `${each.rule.id} ${useless}`,
      });
    }
  });
  for (const [key, items] of met.pairs) {
    const first = Math.floor(key / compiled.rules.length);
    const second = key % compiled.rules.length;
    const conflict = compare({ first, second, items }, { compiled, met, now });
    if (conflict !== null) found.push(conflict);
  }
  return [...found, ...samePositions(compiled.rules, now)];
}

interface Met {
  /** Items that each rule means. */
  readonly counts: Uint32Array;
  /** Items that two rules mean, by first × number of rules + second. */
  readonly pairs: ReadonlyMap<number, number>;
}

function meet(active: ActiveRules, catalogue: Catalogue): Met {
  const { rules } = active.compiled;
  const counts = new Uint32Array(rules.length);
  const pairs = new Map<number, number>();
  for (const item of catalogue.items) {
    if (!item) continue;
    const numbers = matching(active, item);
    numbers.forEach((first, i) => {
      counts[first] = (counts[first] ?? 0) + 1;
      for (let j = i + 1; j < numbers.length; j++) {
        const key = first * rules.length + (numbers[j] ?? 0);
        const before = pairs.get(key);
        if (before === undefined && pairs.size >= MOST_PAIRS) continue;
        pairs.set(key, (before ?? 0) + 1);
      }
    });
  }
  return { counts, pairs };
}

/** Numbers of the rules that mean an item, by precedence. */
function matching(active: ActiveRules, item: Item): number[] {
  const { byItem, byTag, byBrand, byCategory, byExpression } = active.compiled;
  const numbers = new Set<number>(byExpression);
  const add = (some: readonly number[] | undefined): void => {
    for (const number of some ?? []) numbers.add(number);
  };
  add(byItem.get(item.item_id));
  for (const tag of item.tags) add(byTag.get(tag));
  if (item.brand !== undefined) add(byBrand.get(item.brand));
  for (const name of item.category) add(byCategory.get(name));
  return [...numbers]
    .filter((number) => matches(active, number, item))
    .sort((a, b) => a - b);
}

function whyUseless(
  { rule, until, isEnabled, where }: CompiledRule,
  items: number,
  now: number,
): string | null {
  if (!isEnabled) return null;
  if (until <= now) return "is past its time";
  if (items > 0 || asksOfRequest(where)) return null;
  return `means no item of the catalogue: ${JSON.stringify(rule.target)}`;
}

function compare(
  pair: {
    readonly first: number;
    readonly second: number;
    readonly items: number;
  },
  about: {
    readonly compiled: CompiledRules;
    readonly met: Met;
    readonly now: number;
  },
): RuleConflict | null {
  const first = about.compiled.rules[pair.first];
  const second = about.compiled.rules[pair.second];
  if (first === undefined || second === undefined) return null;
  if (!isLive(first, about.now) || !isLive(second, about.now)) return null;
  if (!overlap(first, second)) return null;
  const { items } = pair;
  const count = (number: number) => about.met.counts[number] ?? 0;
  const block = [first, second].find(({ rule }) => rule.action === "BLOCK");
  if (block !== undefined) {
    const other = block === first ? second : first;
    const number = block === first ? pair.second : pair.first;
    if (other.rule.action === "BLOCK") return null;
    const all = items === count(number) && covers(block, other);
    return conflictOf(all ? "shadowed" : "contradictory", {
      rules: [other, block],
      items,
      text: all
        ? `is without effect: ${block.rule.id} blocks every item that it means`
        : `means ${items} items that ${block.rule.id} blocks`,
    });
  }
  if (!isAmount(first.rule) || !isAmount(second.rule)) return null;
  // The first by precedence decides for the items of both.
  if (items === count(pair.second) && covers(first, second)) {
    return conflictOf("shadowed", {
      rules: [second, first],
      items,
      text: `is without effect: ${first.rule.id} decides for every item that it means`,
    });
  }
  if (first.rule.action === second.rule.action) return null;
  return conflictOf("contradictory", {
    rules: [second, first],
    items,
    text: `and ${first.rule.id} pull ${items} items apart; ${first.rule.id} decides`,
  });
}

function conflictOf(
  kind: RuleConflict["kind"],
  about: {
    readonly rules: readonly CompiledRule[];
    readonly items: number;
    readonly text: string;
  },
): RuleConflict {
  const rules = about.rules.map(({ rule }) => rule.id);
  return { kind, rules, items: about.items, text: `${rules[0]} ${about.text}` };
}

function samePositions(
  rules: readonly CompiledRule[],
  now: number,
): RuleConflict[] {
  const pins = rules.filter(
    (each) => each.rule.action === "PIN" && isLive(each, now),
  );
  return pins.flatMap((second, i) =>
    pins
      .slice(0, i)
      .filter(
        (first) =>
          (first.rule.position ?? 1) === (second.rule.position ?? 1) &&
          overlap(first, second),
      )
      .slice(0, 1)
      .map((first) =>
        conflictOf("same_position", {
          rules: [second, first],
          items: 0,
          text: `wants position ${second.rule.position ?? 1}, which ${first.rule.id} takes first`,
        }),
      ),
  );
}

function isLive({ isEnabled, until }: CompiledRule, now: number): boolean {
  return isEnabled && until > now;
}

function isAmount({ action }: Rule): boolean {
  return action === "BOOST" || action === "BURY";
}

/** In one place at one time, sometimes. */
function overlap(a: CompiledRule, b: CompiledRule): boolean {
  return (
    meets(a.rule.surface, b.rule.surface) &&
    meets(a.rule.segment, b.rule.segment) &&
    a.from < b.until &&
    b.from < a.until
  );
}

function meets(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** Wherever and whenever `b` is in force, `a` is. */
function covers(a: CompiledRule, b: CompiledRule): boolean {
  return (
    (a.rule.surface === undefined || a.rule.surface === b.rule.surface) &&
    (a.rule.segment === undefined || a.rule.segment === b.rule.segment) &&
    a.from <= b.from &&
    a.until >= b.until &&
    !asksOfRequest(a.where)
  );
}

/** Whether an expression has a part that only a request can answer. */
function asksOfRequest(expression: Expression | null): boolean {
  if (expression === null) return false;
  switch (expression.kind) {
    case "literal":
    case "list":
      return false;
    case "name":
      return !expression.name.startsWith("item.");
    case "call":
      return (
        expression.name === "days_since" || expression.args.some(asksOfRequest)
      );
    case "not":
    case "negative":
      return asksOfRequest(expression.of);
    case "binary":
      return asksOfRequest(expression.left) || asksOfRequest(expression.right);
  }
}

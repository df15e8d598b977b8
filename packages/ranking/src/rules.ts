import type { Rule, RuleSet, Item } from "@recsys/contracts";
import type { Catalogue } from "./catalogue.ts";

/** Added by BOOST (or taken by BURY) where the rule names no amount. */
export const DEFAULT_AMOUNT = 0.5;

/** A rule set prepared for lookup; made once per version of the rules. */
export interface CompiledRules {
  /** By precedence: higher priority first, then the order of creation. */
  readonly rules: readonly CompiledRule[];
  /** Numbers of the rules that may concern an item, by one part of their target. */
  readonly byItem: ReadonlyMap<string, readonly number[]>;
  readonly byTag: ReadonlyMap<string, readonly number[]>;
  readonly byBrand: ReadonlyMap<string, readonly number[]>;
  readonly byCategory: ReadonlyMap<string, readonly number[]>;
}

export interface CompiledRule {
  readonly rule: Rule;
  readonly from: number;
  readonly until: number;
  readonly itemIds: ReadonlySet<string> | null;
}

export interface PinnedItem {
  readonly itemId: string;
  readonly ruleId: string;
}

export function compileRules(set: RuleSet): CompiledRules {
  const rules = set.rules
    .map((rule, created) => ({ rule, created }))
    .sort((a, b) => b.rule.priority - a.rule.priority || a.created - b.created)
    .map(({ rule }) => compileRule(rule));
  const byItem = new Map<string, number[]>();
  const byTag = new Map<string, number[]>();
  const byBrand = new Map<string, number[]>();
  const byCategory = new Map<string, number[]>();
  rules.forEach(({ rule: { target } }, number) => {
    if (target.item_ids) file(byItem, target.item_ids, number);
    else if (target.tags) file(byTag, target.tags, number);
    else if (target.brand !== undefined) file(byBrand, [target.brand], number);
    else if (target.category !== undefined) {
      file(byCategory, [target.category], number);
    }
  });
  return { rules, byItem, byTag, byBrand, byCategory };
}

function compileRule(rule: Rule): CompiledRule {
  return {
    rule,
    from:
      rule.valid_from === undefined ? -Infinity : Date.parse(rule.valid_from),
    until:
      rule.valid_until === undefined ? Infinity : Date.parse(rule.valid_until),
    itemIds: rule.target.item_ids ? new Set(rule.target.item_ids) : null,
  };
}

function file(
  index: Map<string, number[]>,
  keys: readonly string[],
  number: number,
): void {
  for (const key of keys) {
    const filed = index.get(key);
    if (filed === undefined) index.set(key, [number]);
    else filed.push(number);
  }
}

/** The rules in force for one request. */
export interface ActiveRules {
  readonly compiled: CompiledRules;
  /** 1 by rule number where the rule is in force. */
  readonly isActive: Uint8Array;
  readonly hasBlocks: boolean;
  readonly hasAmounts: boolean;
  /** Active PIN rules by precedence. */
  readonly pins: readonly CompiledRule[];
}

export function activateRules(
  compiled: CompiledRules,
  scope: {
    readonly surface: string;
    readonly segment: string | null;
    readonly now: number;
  },
): ActiveRules {
  const isActive = new Uint8Array(compiled.rules.length);
  const pins: CompiledRule[] = [];
  let hasBlocks = false;
  let hasAmounts = false;
  compiled.rules.forEach((each, number) => {
    if (!isInForce(each, scope)) return;
    isActive[number] = 1;
    if (each.rule.action === "PIN") pins.push(each);
    else if (each.rule.action === "BLOCK") hasBlocks = true;
    else hasAmounts = true;
  });
  return { compiled, isActive, hasBlocks, hasAmounts, pins };
}

function isInForce(
  { rule, from, until }: CompiledRule,
  scope: {
    readonly surface: string;
    readonly segment: string | null;
    readonly now: number;
  },
): boolean {
  if (!rule.enabled || scope.now < from || scope.now >= until) return false;
  if (rule.surface !== undefined && rule.surface !== scope.surface) {
    return false;
  }
  return rule.segment === undefined || rule.segment === scope.segment;
}

/** An item matches when it meets every part of the target: one of the ids, one of the tags, the brand, the category anywhere in its path. */
export function matches(compiled: CompiledRule, item: Item): boolean {
  const { target } = compiled.rule;
  if (compiled.itemIds?.has(item.item_id) === false) return false;
  if (target.tags?.some((tag) => item.tags.includes(tag)) === false) {
    return false;
  }
  if (target.brand !== undefined && target.brand !== item.brand) return false;
  return (
    target.category === undefined || item.category.includes(target.category)
  );
}

/**
 * Number of the first rule by precedence that is in force, has one of these
 * actions and matches the item; -1 for none.
 */
export function firstMatch(
  active: ActiveRules,
  item: Item,
  actions: readonly Rule["action"][],
): number {
  const { compiled, isActive } = active;
  let best = -1;
  const look = (numbers: readonly number[] | undefined): void => {
    for (const number of numbers ?? []) {
      if (best >= 0 && number >= best) return;
      const each = compiled.rules[number];
      if (each === undefined || isActive[number] !== 1) continue;
      if (actions.includes(each.rule.action) && matches(each, item)) {
        best = number;
      }
    }
  };
  if (compiled.byItem.size > 0) look(compiled.byItem.get(item.item_id));
  if (compiled.byTag.size > 0) {
    for (const tag of item.tags) look(compiled.byTag.get(tag));
  }
  if (compiled.byBrand.size > 0 && item.brand !== undefined) {
    look(compiled.byBrand.get(item.brand));
  }
  if (compiled.byCategory.size > 0) {
    for (const name of item.category) look(compiled.byCategory.get(name));
  }
  return best;
}

/** The items that PIN rules name, by precedence; an item pinned twice counts once. */
export function pinnedItems(
  active: ActiveRules,
  catalogue: Catalogue,
): readonly PinnedItem[] {
  if (active.pins.length === 0) return [];
  const pinned = new Map<string, PinnedItem>();
  for (const { rule } of active.pins) {
    for (const itemId of rule.target.item_ids ?? []) {
      const position = catalogue.positionOf(itemId);
      const item = position < 0 ? null : catalogue.items[position];
      if (!item || pinned.has(itemId)) continue;
      if (!active.pins.some((pin) => pin.rule === rule && matches(pin, item))) {
        continue;
      }
      pinned.set(itemId, { itemId, ruleId: rule.id });
    }
  }
  return [...pinned.values()];
}

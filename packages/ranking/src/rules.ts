import type { Expression, Item, Rule, RuleSet } from "@recsys/contracts";
import { bindAmount, bindFilter, type ExpressionFacts } from "./expression.ts";
import type { Expressions } from "./expressions.ts";
import { indexDecided, type DecidedLabels } from "./policy-labels.ts";
import { planRules, type PlannedRule } from "./plan-rules.ts";

/** Added by BOOST (or taken by BURY) where the rule names no amount. */
const DEFAULT_AMOUNT = 0.5;
/** What an expression gives is held within these. */
const MOST_AMOUNT = 10;

/** A rule set prepared for lookup; made once per version of the rules. */
export interface CompiledRules {
  /** By precedence: higher priority first, then the order of creation. */
  readonly rules: readonly CompiledRule[];
  /** Numbers of the rules that may concern an item, by one part of their target. */
  readonly byItem: ReadonlyMap<string, readonly number[]>;
  readonly byTag: ReadonlyMap<string, readonly number[]>;
  readonly byBrand: ReadonlyMap<string, readonly number[]>;
  readonly byCategory: ReadonlyMap<string, readonly number[]>;
  /** Numbers of the rules that name an expression only, so that they may concern any item. */
  readonly byExpression: readonly number[];
  /** Ids of the rules whose expressions do not fit the schema any more; they are not in force. */
  readonly unreadable: readonly string[];
  /** What moderators upheld. */
  readonly decided: DecidedLabels;
}

export interface CompiledRule extends PlannedRule {
  readonly itemIds: ReadonlySet<string> | null;
  readonly where: Expression | null;
  readonly amount: Expression | null;
}

export function compileRules(
  set: RuleSet,
  expressions: Expressions,
): CompiledRules {
  const unreadable: string[] = [];
  const rules = planRules(set).flatMap((planned) => {
    const compiled = compileRule(planned, expressions);
    if (compiled === null) unreadable.push(planned.rule.id);
    return compiled ?? [];
  });
  const byItem = new Map<string, number[]>();
  const byTag = new Map<string, number[]>();
  const byBrand = new Map<string, number[]>();
  const byCategory = new Map<string, number[]>();
  const byExpression: number[] = [];
  rules.forEach(({ rule: { target }, ids }, number) => {
    if (ids !== null) file(byItem, ids, number);
    else if (target.tags) file(byTag, target.tags, number);
    else if (target.brand !== undefined) file(byBrand, [target.brand], number);
    else if (target.category !== undefined) {
      file(byCategory, [target.category], number);
    } else byExpression.push(number);
  });
  return {
    rules,
    byItem,
    byTag,
    byBrand,
    byCategory,
    byExpression,
    unreadable,
    decided: indexDecided(set),
  };
}

/** Null when an expression of the rule does not fit the schema. */
function compileRule(
  planned: PlannedRule,
  expressions: Expressions,
): CompiledRule | null {
  const { target, amount } = planned.rule;
  const where =
    target.where === undefined
      ? null
      : expressions.find(target.where, "filter");
  const gives =
    typeof amount === "string" ? expressions.find(amount, "amount") : null;
  if (target.where !== undefined && where === null) return null;
  if (typeof amount === "string" && gives === null) return null;
  const itemIds = planned.ids && new Set(planned.ids);
  return { ...planned, itemIds, where, amount: gives };
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
  /** Expressions by rule number, made ready for the request. */
  readonly bound: readonly (BoundRule | undefined)[];
  readonly hasBlocks: boolean;
  readonly hasAmounts: boolean;
  /** Numbers of the active PIN rules, by precedence. */
  readonly pins: readonly number[];
  /** Numbers of the active BOOST rules, by precedence. */
  readonly boosts: readonly number[];
}

interface BoundRule {
  readonly where: ((item: Item) => boolean) | null;
  readonly amount: ((item: Item) => number) | null;
}

export function activateRules(
  compiled: CompiledRules,
  scope: {
    readonly surface: string;
    readonly segment: string | null;
    readonly facts: ExpressionFacts;
  },
): ActiveRules {
  const bound: (BoundRule | undefined)[] = [];
  const isActive = new Uint8Array(compiled.rules.length);
  const pins: number[] = [];
  const boosts: number[] = [];
  let hasBlocks = false;
  let hasAmounts = false;
  compiled.rules.forEach((each, number) => {
    if (!isInForce(each, scope)) return;
    isActive[number] = 1;
    if (each.where !== null || each.amount !== null) {
      bound[number] = bindRule(each, scope.facts);
    }
    if (each.rule.action === "PIN") pins.push(number);
    else if (each.rule.action === "BLOCK") hasBlocks = true;
    else hasAmounts = true;
    if (each.rule.action === "BOOST") boosts.push(number);
  });
  return { compiled, isActive, bound, hasBlocks, hasAmounts, pins, boosts };
}

/** All rules as if in force, whatever their scope and time: to see which items each means. */
export function activateAll(compiled: CompiledRules, now: number): ActiveRules {
  const facts = { traits: {}, context: {}, events: [], now };
  return {
    compiled,
    isActive: new Uint8Array(compiled.rules.length).fill(1),
    bound: compiled.rules.map((each) => bindRule(each, facts)),
    hasBlocks: true,
    hasAmounts: true,
    pins: [],
    boosts: [],
  };
}

function bindRule(
  { where, amount }: CompiledRule,
  facts: ExpressionFacts,
): BoundRule {
  return {
    where: where && bindFilter(where, facts),
    amount: amount && bindAmount(amount, facts),
  };
}

function isInForce(
  { rule, from, until, isEnabled }: CompiledRule,
  scope: {
    readonly surface: string;
    readonly segment: string | null;
    readonly facts: ExpressionFacts;
  },
): boolean {
  const { now } = scope.facts;
  if (!isEnabled || now < from || now >= until) return false;
  if (rule.surface !== undefined && rule.surface !== scope.surface) {
    return false;
  }
  return rule.segment === undefined || rule.segment === scope.segment;
}

/** An item matches when it meets every part of the target: one of the ids, one of the tags, the brand, the category anywhere in its path, the expression. */
export function matches(
  { compiled: { rules }, bound }: ActiveRules,
  number: number,
  item: Item,
): boolean {
  const compiled = rules[number];
  if (compiled === undefined) return false;
  const { target } = compiled.rule;
  if (compiled.itemIds?.has(item.item_id) === false) return false;
  if (target.tags?.some((tag) => item.tags.includes(tag)) === false) {
    return false;
  }
  if (target.brand !== undefined && target.brand !== item.brand) return false;
  if (
    target.category !== undefined &&
    !item.category.includes(target.category)
  ) {
    return false;
  }
  return bound[number]?.where?.(item) ?? true;
}

/** What a BOOST adds to the score of an item; negative for BURY. */
export function amountOf(
  { compiled, bound }: ActiveRules,
  number: number,
  item: Item,
): number {
  const rule = compiled.rules[number]?.rule;
  if (rule === undefined) return 0;
  const { amount = DEFAULT_AMOUNT } = rule;
  const size =
    typeof amount === "number"
      ? amount
      : Math.min(MOST_AMOUNT, Math.max(0, bound[number]?.amount?.(item) ?? 0));
  return rule.action === "BURY" ? -size : size;
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
      if (actions.includes(each.rule.action) && matches(active, number, item)) {
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
  look(compiled.byExpression);
  return best;
}

/** The rule that blocks an item for everybody on a surface, whoever asks; null without one. */
export function findBlockingRule(
  { compiledRules }: { readonly compiledRules: CompiledRules },
  item: Item,
  at: { readonly surface: string; readonly now: number },
): Rule | null {
  const active = activateRules(compiledRules, {
    surface: at.surface,
    segment: null,
    facts: { traits: {}, context: {}, events: [], now: at.now },
  });
  const number = firstMatch(active, item, ["BLOCK"]);
  return compiledRules.rules[number]?.rule ?? null;
}

import {
  DAY_MS,
  type AttributeValue,
  type Segment,
  type SegmentCondition,
  type SegmentRule,
} from "@recsys/contracts";
import { holdsWithoutItem, type ExpressionFacts } from "./expression.ts";
import type { Expressions } from "./expressions.ts";

/** Name of the first segment whose rule holds; null where none does. */
export function matchSegment(
  segments: readonly Segment[],
  facts: ExpressionFacts,
  expressions: Expressions,
): string | null {
  const found = segments.find(({ rule }) => holdsFor(rule, facts, expressions));
  return found?.name ?? null;
}

/** Whether a rule holds. A condition on a field that is missing does not hold, whatever its operator. */
export function holdsFor(
  rule: SegmentRule,
  facts: ExpressionFacts,
  expressions: Expressions,
): boolean {
  const holds = (each: SegmentRule) => holdsFor(each, facts, expressions);
  if ("all" in rule) return rule.all.every(holds);
  if ("any" in rule) return rule.any.some(holds);
  if ("not" in rule) return !holds(rule.not);
  if ("where" in rule) {
    const condition = expressions.find(rule.where, "condition");
    return condition !== null && holdsWithoutItem(condition, facts);
  }
  const field = readField(rule.field, facts);
  if (rule.op === "exists")
    return (field !== undefined) === (rule.value ?? true);
  return field !== undefined && compare(rule, field, facts.now);
}

function readField(
  path: string,
  facts: ExpressionFacts,
): AttributeValue | undefined {
  const [group, key = ""] = split(path);
  if (group === "traits") return own(facts.traits, key);
  if (group === "context") return own(facts.context, key);
  const [measure, type] = split(key);
  const events =
    type === undefined
      ? facts.events
      : facts.events.filter((event) => event.type === type);
  if (measure === "count") return events.length;
  if (measure !== "last_ts" || events.length === 0) return undefined;
  return events.reduce((last, event) => Math.max(last, event.ts), -Infinity);
}

function split(path: string): [string, string | undefined] {
  const dot = path.indexOf(".");
  return dot < 0
    ? [path, undefined]
    : [path.slice(0, dot), path.slice(dot + 1)];
}

function own(
  values: Readonly<Record<string, AttributeValue>>,
  key: string,
): AttributeValue | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function compare(
  { op, value }: SegmentCondition,
  field: AttributeValue,
  now: number,
): boolean {
  if (value === undefined) return false;
  switch (op) {
    case "eq":
      return isSame(field, value);
    case "neq":
      return !isSame(field, value);
    case "gt":
      return isOrdered(field, value) && field > value;
    case "gte":
      return isOrdered(field, value) && field >= value;
    case "lt":
      return isOrdered(field, value) && field < value;
    case "lte":
      return isOrdered(field, value) && field <= value;
    case "in":
      return Array.isArray(value) && isOneOf(field, value);
    case "contains":
      return contains(field, value);
    case "days_since":
      return daysSince(field, now) >= Number(value);
    case "exists":
      return true;
  }
}

function isSame(a: AttributeValue, b: AttributeValue): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, i) => each === b[i]);
  }
  return a === b;
}

/** Only numbers with numbers and texts with texts have an order. */
function isOrdered(a: AttributeValue, b: AttributeValue): boolean {
  return (
    typeof a === typeof b && (typeof a === "number" || typeof a === "string")
  );
}

function isOneOf(field: AttributeValue, list: readonly string[]): boolean {
  return Array.isArray(field)
    ? field.some((each) => list.includes(each))
    : list.includes(String(field));
}

function contains(field: AttributeValue, value: AttributeValue): boolean {
  if (typeof value !== "string") return false;
  return (
    (Array.isArray(field) || typeof field === "string") && field.includes(value)
  );
}

/** NaN, which compares as false, where the field is no time. */
function daysSince(field: AttributeValue, now: number): number {
  const ts =
    typeof field === "number"
      ? field
      : typeof field === "string"
        ? Date.parse(field)
        : NaN;
  return (now - ts) / DAY_MS;
}

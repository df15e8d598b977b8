import {
  DAY_MS,
  splitName,
  type AttributeValue,
  type Expression,
  type FunctionName,
  type Item,
  type UserEvent,
} from "@recsys/contracts";

/** What an expression may ask about beside the item. */
export interface ExpressionFacts {
  readonly traits: Readonly<Record<string, AttributeValue>>;
  readonly context: Readonly<Record<string, AttributeValue>>;
  readonly events: readonly UserEvent[];
  /** Unix milliseconds. */
  readonly now: number;
}

/** Undefined: missing. Times are Unix milliseconds. */
type Value =
  boolean | number | string | readonly (string | number)[] | undefined;

/** A part of an expression: known for the whole request, or for one item at a time. */
type Part =
  | { readonly isFixed: true; readonly value: Value }
  | { readonly isFixed: false; readonly of: (item: Item) => Value };

/**
 * A checked expression made ready for one request: what does not depend on
 * the item is computed here and now. A value that is missing makes a
 * comparison false and a sum missing; as a truth it is false.
 */
function bindExpression(
  expression: Expression,
  facts: ExpressionFacts,
): (item: Item) => Value {
  const part = bind(expression, facts);
  if (!part.isFixed) return part.of;
  const { value } = part;
  return () => value;
}

/** As a truth. */
export function bindFilter(
  expression: Expression,
  facts: ExpressionFacts,
): (item: Item) => boolean {
  const value = bindExpression(expression, facts);
  return (item) => value(item) === true;
}

/** As a truth about the request alone; false where it asks about an item. */
export function holdsWithoutItem(
  expression: Expression,
  facts: ExpressionFacts,
): boolean {
  const part = bind(expression, facts);
  return part.isFixed && part.value === true;
}

/** As a number about the request alone; 0 where it is missing or no finite number, or asks about an item. */
export function measureWithoutItem(
  expression: Expression,
  facts: ExpressionFacts,
): number {
  const part = bind(expression, facts);
  if (!part.isFixed || typeof part.value !== "number") return 0;
  return Number.isFinite(part.value) ? part.value : 0;
}

/** As an amount; 0 where it is missing or no finite number. */
export function bindAmount(
  expression: Expression,
  facts: ExpressionFacts,
): (item: Item) => number {
  const value = bindExpression(expression, facts);
  return (item) => {
    const amount = value(item);
    return typeof amount === "number" && Number.isFinite(amount) ? amount : 0;
  };
}

function bind(expression: Expression, facts: ExpressionFacts): Part {
  switch (expression.kind) {
    case "literal":
      return { isFixed: true, value: expression.value };
    case "list":
      return { isFixed: true, value: expression.values };
    case "name":
      return bindName(expression.name, facts);
    case "not":
      return map([bind(expression.of, facts)], ([of]) => of !== true);
    case "negative":
      return map([bind(expression.of, facts)], ([of]) =>
        typeof of === "number" ? -of : undefined,
      );
    case "call":
      return map(
        expression.args.map((arg) => bind(arg, facts)),
        functionOf(expression.name as FunctionName, facts.now),
      );
    case "binary":
      return bindBinary(expression, facts);
  }
}

function bindBinary(
  { operator, left, right }: Extract<Expression, { kind: "binary" }>,
  facts: ExpressionFacts,
): Part {
  const a = bind(left, facts);
  const b = bind(right, facts);
  if (operator === "and" || operator === "or") {
    return shortCircuit(operator === "or", a, b);
  }
  if (b.isFixed && Array.isArray(b.value) && operator.endsWith("in")) {
    const members = new Set<Value>(b.value);
    const wanted = operator === "in";
    return map([a], ([value]) =>
      value === undefined ? false : members.has(value) === wanted,
    );
  }
  const compute = OPERATORS[operator];
  return map([a, b], ([x, y]) =>
    x === undefined || y === undefined ? undefined : compute(x, y),
  );
}

type Present = Exclude<Value, undefined>;
type Simple = Exclude<
  Extract<Expression, { kind: "binary" }>["operator"],
  "and" | "or"
>;

/** Types were checked before, so a cast here never meets another type. */
const OPERATORS: Readonly<Record<Simple, (a: Present, b: Present) => Value>> = {
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  in: (a, b) => (b as readonly Present[]).includes(a),
  "not in": (a, b) => !(b as readonly Present[]).includes(a),
  has: (a, b) => (a as readonly Present[]).includes(b),
  "has any": (a, b) =>
    (b as readonly Present[]).some((each) =>
      (a as readonly Present[]).includes(each),
    ),
  "has all": (a, b) =>
    (b as readonly Present[]).every((each) =>
      (a as readonly Present[]).includes(each),
    ),
  contains: (a, b) => (a as string).includes(b as string),
  "+": (a, b) => (a as number) + (b as number),
  "-": (a, b) => (a as number) - (b as number),
  "*": (a, b) => (a as number) * (b as number),
  "/": (a, b) => (b === 0 ? undefined : (a as number) / (b as number)),
};

/** `decisive` is the truth that settles it: true for `or`, false for `and`. */
function shortCircuit(decisive: boolean, a: Part, b: Part): Part {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (!one.isFixed) continue;
    if ((one.value === true) === decisive) {
      return { isFixed: true, value: decisive };
    }
    return map([other], ([value]) => value === true);
  }
  if (a.isFixed || b.isFixed) throw new Error("both parts depend on the item");
  const { of: first } = a;
  const { of: second } = b;
  return {
    isFixed: false,
    of: (item) =>
      (first(item) === true) === decisive ? decisive : second(item) === true,
  };
}

function map(
  parts: readonly Part[],
  compute: (values: readonly Value[]) => Value,
): Part {
  if (parts.every((part) => part.isFixed)) {
    return { isFixed: true, value: compute(parts.map(({ value }) => value)) };
  }
  const readers = parts.map((part): ((item: Item) => Value) =>
    part.isFixed ? () => part.value : part.of,
  );
  return {
    isFixed: false,
    of: (item) => compute(readers.map((read) => read(item))),
  };
}

function functionOf(
  name: FunctionName,
  now: number,
): (values: readonly Value[]) => Value {
  switch (name) {
    case "exists":
      return ([value]) => value !== undefined;
    case "days_since":
      return ([time]) =>
        typeof time === "number" ? (now - time) / DAY_MS : undefined;
    case "length":
      return ([value]) =>
        typeof value === "string" || Array.isArray(value)
          ? value.length
          : undefined;
    case "lower":
      return ([text]) =>
        typeof text === "string" ? text.toLowerCase() : undefined;
    case "min":
      return ([a, b]) => ofNumbers(a, b, Math.min);
    case "max":
      return ([a, b]) => ofNumbers(a, b, Math.max);
    case "when":
      return ([condition, yes, no]) => (condition === true ? yes : no);
  }
}

function ofNumbers(
  a: Value,
  b: Value,
  compute: (a: number, b: number) => number,
): Value {
  return typeof a === "number" && typeof b === "number"
    ? compute(a, b)
    : undefined;
}

function bindName(name: string, facts: ExpressionFacts): Part {
  if (name === "now") return { isFixed: true, value: facts.now };
  const [group = "", key = "", more] = splitName(name);
  switch (group) {
    case "user":
      return { isFixed: true, value: own(facts.traits, key) };
    case "context":
      return { isFixed: true, value: own(facts.context, key) };
    case "history":
      return { isFixed: true, value: ofHistory(facts.events, key, more) };
    default:
      return more === undefined
        ? { isFixed: false, of: (item) => item[key as keyof Item] as Value }
        : { isFixed: false, of: (item) => own(item.attributes, more) };
  }
}

function own(
  values: Readonly<Record<string, AttributeValue>>,
  key: string,
): AttributeValue | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function ofHistory(
  events: readonly UserEvent[],
  measure: string,
  type: string | undefined,
): Value {
  const wanted =
    type === undefined ? events : events.filter((each) => each.type === type);
  if (measure === "count") return wanted.length;
  if (wanted.length === 0) return undefined;
  return wanted.reduce((last, { ts }) => Math.max(last, ts), -Infinity);
}

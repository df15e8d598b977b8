import { findFunction, FUNCTIONS } from "./functions.ts";
import { namesOf, typeOfName, type Names, type ValueType } from "./names.ts";
import { parseExpression } from "./parse.ts";
import {
  ExpressionError,
  type Expression,
  type ExpressionProblem,
} from "./syntax.ts";

export type ReadExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

/** A truth about an item, a number for an item, or a truth or a number about the request alone. */
export type ExpressionUse = "filter" | "amount" | "condition" | "measure";

/**
 * Parses an expression and checks every name and type in it against the
 * schema. All problems of types are found at once, each with its character.
 */
export function readExpression(
  text: string,
  about: {
    readonly names: Names;
    readonly use: ExpressionUse;
  },
): ReadExpression {
  try {
    const { use, names } = about;
    const wants = use === "amount" || use === "measure" ? "number" : "boolean";
    const expression = parseExpression(text);
    const isAboutItem = use === "filter" || use === "amount";
    const checker = new Checker(names, isAboutItem);
    const type = checker.typeOf(expression);
    if (type !== wants && type !== "unknown") {
      checker.problems.push({
        at: expression.at,
        message: `this gives a ${type}, wanted is a ${wants}`,
      });
    }
    const problems = checker.problems.sort((a, b) => a.at - b.at);
    return problems.length === 0
      ? { ok: true, expression }
      : { ok: false, problems };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return {
      ok: false,
      problems: [{ at: error.at, message: error.message }],
    };
  }
}

/** `unknown` stands for what has been complained of already. */
type Found = ValueType | "numbers" | "unknown";

type Binary = Extract<Expression, { kind: "binary" }>;

class Checker {
  readonly problems: ExpressionProblem[] = [];
  readonly #names: Names;
  readonly #isAboutItem: boolean;

  constructor(names: Names, isAboutItem: boolean) {
    this.#names = names;
    this.#isAboutItem = isAboutItem;
  }

  typeOf(expression: Expression): Found {
    switch (expression.kind) {
      case "literal":
        return typeof expression.value as "number" | "string" | "boolean";
      case "list":
        return typeof expression.values[0] === "number" ? "numbers" : "list";
      case "name":
        return this.#nameType(expression);
      case "call":
        return this.#callType(expression);
      case "not":
        this.#wants(expression.of, ["boolean"]);
        return "boolean";
      case "negative":
        this.#wants(expression.of, ["number"]);
        return "number";
      case "binary":
        return this.#binaryType(expression);
    }
  }

  #nameType({ name, at }: Extract<Expression, { kind: "name" }>): Found {
    const type = typeOfName(name, this.#names);
    if (type !== undefined) {
      if (this.#isAboutItem || !name.startsWith("item.")) return type;
      this.problems.push({ at, message: `there is no item here to ask about` });
      return "unknown";
    }
    const near = nearest(name, namesOf(this.#names));
    const hint = near === null ? "" : `; did you mean ${near}?`;
    this.problems.push({ at, message: `there is no ${name}${hint}` });
    return "unknown";
  }

  #callType({ name, args, at }: Extract<Expression, { kind: "call" }>): Found {
    const found = findFunction(name);
    if (found === undefined) {
      const known = Object.keys(FUNCTIONS).join(", ");
      this.problems.push({
        at,
        message: `there is no function ${name}; there are ${known}`,
      });
      return "unknown";
    }
    if (args.length !== found.args.length) {
      this.problems.push({
        at,
        message: `${name} takes ${found.args.length} values, not ${args.length}`,
      });
      return found.gives;
    }
    found.args.forEach((types, i) => {
      const arg = args[i];
      if (arg !== undefined) this.#wants(arg, types);
    });
    return found.gives;
  }

  #binaryType(binary: Binary): Found {
    const { operator, left, right } = binary;
    switch (operator) {
      case "and":
      case "or":
        this.#wants(left, ["boolean"]);
        this.#wants(right, ["boolean"]);
        return "boolean";
      case "+":
      case "-":
      case "*":
      case "/":
        this.#wants(left, ["number"]);
        this.#wants(right, ["number"]);
        return "number";
      case "=":
      case "!=":
        this.#wantsSame(binary, ["boolean", "number", "string"]);
        return "boolean";
      case "<":
      case "<=":
      case ">":
      case ">=":
        this.#wantsSame(binary, ["number", "string", "time"]);
        return "boolean";
      case "contains":
        this.#wants(left, ["string"]);
        this.#wants(right, ["string"]);
        return "boolean";
      case "has":
        this.#wants(left, ["list"]);
        this.#wants(right, ["string"]);
        return "boolean";
      case "has any":
      case "has all":
        this.#wants(left, ["list"]);
        this.#wants(right, ["list"]);
        return "boolean";
      case "in":
      case "not in":
        this.#membership(binary);
        return "boolean";
    }
  }

  #membership({ left, right }: Binary): void {
    const member = this.#wants(left, ["string", "number"]);
    if (member === "unknown") {
      this.typeOf(right);
      return;
    }
    this.#wants(right, [member === "number" ? "numbers" : "list"]);
  }

  #wantsSame({ left, right, at }: Binary, types: readonly Found[]): void {
    const a = this.#wants(left, types);
    const b = this.#wants(right, types);
    if (a === b || a === "unknown" || b === "unknown") return;
    this.problems.push({
      at,
      message: `a ${a} cannot be compared with a ${b}`,
    });
  }

  #wants(expression: Expression, types: readonly Found[]): Found {
    const type = this.typeOf(expression);
    if (type === "unknown" || types.includes(type)) return type;
    this.problems.push({
      at: expression.at,
      message: `this is a ${named(type)}, wanted is a ${types.map(named).join(" or ")}`,
    });
    return "unknown";
  }
}

function named(type: Found): string {
  if (type === "list") return "list of texts";
  if (type === "numbers") return "list of numbers";
  return type === "string" ? "text" : type;
}

/** The known name that takes fewest single-character edits, when they are few. */
function nearest(name: string, known: readonly string[]): string | null {
  const last = name.split(".").at(-1) ?? name;
  const best = known
    .map((each) => ({
      each,
      edits: Math.min(
        editDistance(name, each),
        editDistance(last, each.split(".").at(-1) ?? each),
      ),
    }))
    .sort((a, b) => a.edits - b.edits)[0];
  return best !== undefined && best.edits <= 2 ? best.each : null;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Two lines for terminals and messages: the text around a problem, and a caret below it. */
export function pointAt(text: string, at: number): string {
  const start = Math.max(0, at - 40);
  const line = text.slice(start, at + 40).replaceAll(/\s/g, " ");
  return `${line}\n${" ".repeat(at - start)}^`;
}

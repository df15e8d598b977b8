import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointAt, readExpression, type ExpressionUse } from "./check.ts";
import type { Names } from "./names.ts";
import { parseExpression } from "./parse.ts";
import { EXPRESSION_LIMITS, ExpressionError } from "./syntax.ts";

const NAMES: Names = {
  attributes: {
    colour: { type: "string" },
    margin: { type: "number" },
    vegan: { type: "boolean" },
  },
  traits: { tier: { type: "string" }, likes: { type: "string_list" } },
  context: { country: { type: "string" } },
};

const problemsOf = (text: string, use: ExpressionUse = "filter") => {
  const read = readExpression(text, { names: NAMES, use });
  return read.ok ? [] : read.problems;
};

/** The tree in brackets, to see what binds to what. */
function bracketed(text: string): string {
  const write = (e: ReturnType<typeof parseExpression>): string => {
    switch (e.kind) {
      case "literal":
        return JSON.stringify(e.value);
      case "list":
        return JSON.stringify(e.values);
      case "name":
        return e.name;
      case "call":
        return `${e.name}(${e.args.map(write).join(", ")})`;
      case "not":
      case "negative":
        return `(${e.kind} ${write(e.of)})`;
      case "binary":
        return `(${write(e.left)} ${e.operator} ${write(e.right)})`;
    }
  };
  return write(parseExpression(text));
}

describe("an expression", () => {
  it.each([
    ["a or b and c", "(a or (b and c))"],
    ["(a or b) and c", "((a or b) and c)"],
    ["not a = 1 and b", "((not (a = 1)) and b)"],
    ["a - b - c", "((a - b) - c)"],
    ["a + b * -c / 2", "(a + ((b * (negative c)) / 2))"],
    ["a not in ['x', \"y\"]", '(a not in ["x","y"])'],
    ["a has any ['x'] or a has 'y'", '((a has any ["x"]) or (a has "y"))'],
    ["when(a, 1, max(b, -2.5e1))", "when(a, 1, max(b, (negative 25)))"],
    ["a in [-1, 2]", "(a in [-1,2])"],
    ["a = 'it''s'", "error"],
    ["a = 'it\\'s'", '(a = "it\'s")'],
  ])("%s reads as %s", (text, tree) => {
    if (tree === "error") expect(() => bracketed(text)).toThrow();
    else expect(bracketed(text)).toBe(tree);
  });

  it.each([
    ["item.price < 20 and item.tags has 'vegan'"],
    ["item.attributes.colour in ['red', 'blue'] or not item.available"],
    ["days_since(item.created_at) <= 30 and exists(item.brand)"],
    ["user.tier = 'gold' and user.likes has any item.tags"],
    ["item.brand in user.likes and context.country != 'FR'"],
    ["history.count.purchase > 2 and days_since(history.last) < 7"],
    ["lower(item.title) contains 'mug' and length(item.tags) > 1"],
    ["item.created_at < now"],
  ])("%s is a filter", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it("gives a number where an amount is wanted", () => {
    const text = "when(item.attributes.vegan, 0.2, 0) + item.attributes.margin";
    expect(problemsOf(text, "amount")).toEqual([]);
    expect(problemsOf(text)[0]?.message).toContain("wanted is a boolean");
  });
});

describe("a wrong expression", () => {
  it.each([
    ["item.prize < 20", 0, "there is no item.prize; did you mean item.price?"],
    ["item.price < '20'", 11, "a number cannot be compared with a string"],
    ["item.price <", 12, "expected a name"],
    ["item.price < 20 item.stock", 16, "expected an operator or the end"],
    ["(item.available", 15, 'expected ")" for the "(" at character 1'],
    ['item.title = "mug', 13, "no closing quote"],
    ["item.available && true", 15, "&& is written and here"],
    ["item.price == 2", 11, "== is written = here"],
    ["!item.available", 0, "! is written not here"],
    ["item.available & true", 15, '"&" means nothing here'],
    ["item.tags = 'a'", 0, "list of texts"],
    ["near(item.price)", 0, "there is no function near"],
    ["min(item.price)  > 1", 0, "min takes 2 values, not 1"],
    ["item.stock not 3", 15, 'expected "in" after "not"'],
    ["item.stock in ['a']", 14, "list of numbers"],
    ["item.stock in [1, 'a']", 18, "either texts or numbers"],
    ["user.constructor = 'x'", 0, "there is no user.constructor"],
    ["item.price = 1e999", 13, "too large"],
    ["", 0, "found the end"],
  ])("%s is pointed at character %i", (text, at, message) => {
    const [problem] = problemsOf(text);
    expect(problem?.message).toContain(message);
    expect(problem?.at).toBe(at);
  });

  it("has all its wrong names and types named at once", () => {
    expect(
      problemsOf("item.prize < 20 and item.tags < 3").map(({ at }) => at),
    ).toEqual([0, 20]);
  });

  it("is shown with a caret", () => {
    expect(pointAt("item.prize < 20", 5)).toBe("item.prize < 20\n     ^");
  });

  it("is refused beyond the limits of length, size, depth and lists", () => {
    const { characters, nodes, depth, listValues } = EXPRESSION_LIMITS;
    const values = Array.from({ length: listValues + 1 }, () => "1");
    for (const text of [
      " ".repeat(characters + 1),
      Array.from({ length: nodes }, () => "1").join("+"),
      "(".repeat(depth + 1) + "1" + ")".repeat(depth + 1),
      "-".repeat(depth + 1) + "1",
      "not ".repeat(depth + 1) + "true",
      `1 in [${values.join(",")}]`,
    ]) {
      expect(() => parseExpression(text)).toThrow(/at most/);
    }
  });
});

describe("any text at all", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ..."( ) [ ] , + - * / = != < <= in not has any all and or".split(" "),
      "item.price",
      "'x'",
      "1",
      "lower",
      "true",
    ),
    fc.string({ maxLength: 4 }),
  );

  it("is read, or refused at a character within it", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join(" ");
        try {
          parseExpression(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          const { at } = error as ExpressionError;
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(text.length);
        }
        readExpression(text, { names: NAMES, use: "filter" });
      }),
      { numRuns: 2000 },
    );
  });
});

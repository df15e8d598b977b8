import {
  EXPRESSION_LIMITS,
  ExpressionError,
  type Expression,
  type Operator,
} from "./syntax.ts";
import { tokensOf, type Token } from "./tokens.ts";

/**
 * Parses an expression; throws ExpressionError at the first character that
 * does not fit. Precedence, weakest first: `or`, `and`, `not`, comparisons
 * (which do not chain), `+ -`, `* /`, unary `-`.
 */
export function parseExpression(text: string): Expression {
  if (text.length > EXPRESSION_LIMITS.characters) {
    throw new ExpressionError(
      EXPRESSION_LIMITS.characters,
      `an expression has at most ${EXPRESSION_LIMITS.characters} characters`,
    );
  }
  const parser = new Parser(tokensOf(text));
  const expression = parser.or();
  parser.end();
  return expression;
}

const COMPARISONS: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
const KEYWORDS: readonly string[] = [
  "or",
  "and",
  "not",
  "in",
  "has",
  "any",
  "all",
  "contains",
];

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #nodes = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  or(): Expression {
    return this.#leftToRight(["or"], () => this.#and());
  }

  end(): void {
    const token = this.#peek();
    if (token.kind === "end") return;
    throw new ExpressionError(
      token.at,
      `expected an operator or the end, found ${shown(token)}`,
    );
  }

  #and(): Expression {
    return this.#leftToRight(["and"], () => this.#not());
  }

  #not(): Expression {
    const token = this.#peek();
    if (!this.#takes("not")) return this.#comparison();
    return this.#nested(token.at, () =>
      this.#node({ kind: "not", of: this.#not(), at: token.at }),
    );
  }

  #comparison(): Expression {
    const left = this.#sum();
    const token = this.#peek();
    const operator = this.#comparator();
    if (operator === null) return left;
    const right = this.#sum();
    return this.#node({ kind: "binary", operator, left, right, at: token.at });
  }

  #comparator(): Operator | null {
    const token = this.#peek();
    if (token.kind === "symbol" && COMPARISONS.includes(token.text)) {
      this.#next++;
      return token.text as Operator;
    }
    if (this.#takes("in")) return "in";
    if (this.#takes("contains")) return "contains";
    if (this.#takes("has")) {
      if (this.#takes("any")) return "has any";
      return this.#takes("all") ? "has all" : "has";
    }
    if (!this.#takes("not")) return null;
    if (this.#takes("in")) return "not in";
    throw new ExpressionError(
      this.#peek().at,
      `expected "in" after "not", found ${shown(this.#peek())}`,
    );
  }

  #sum(): Expression {
    return this.#leftToRight(["+", "-"], () => this.#product());
  }

  #product(): Expression {
    return this.#leftToRight(["*", "/"], () => this.#unary());
  }

  #unary(): Expression {
    const token = this.#peek();
    if (!this.#takes("-")) return this.#value();
    return this.#nested(token.at, () =>
      this.#node({ kind: "negative", of: this.#unary(), at: token.at }),
    );
  }

  #value(): Expression {
    const token = this.#peek();
    this.#next++;
    if (token.kind === "number") {
      const value = Number(token.text);
      if (!Number.isFinite(value)) {
        throw new ExpressionError(token.at, "this number is too large");
      }
      return this.#node({ kind: "literal", value, at: token.at });
    }
    if (token.kind === "string") {
      return this.#node({ kind: "literal", value: token.text, at: token.at });
    }
    if (token.kind === "word" && !KEYWORDS.includes(token.text)) {
      return this.#word(token);
    }
    if (token.text === "(" && token.kind === "symbol") {
      return this.#nested(token.at, () => {
        const inner = this.or();
        this.#expect(")", token);
        return inner;
      });
    }
    if (token.text === "[" && token.kind === "symbol") return this.#list(token);
    throw new ExpressionError(
      token.at,
      `expected a name, a number, a text or "(", found ${shown(token)}`,
    );
  }

  #word(token: Token): Expression {
    if (token.text === "true" || token.text === "false") {
      const value = token.text === "true";
      return this.#node({ kind: "literal", value, at: token.at });
    }
    const opening = this.#peek();
    if (!this.#takes("(")) {
      return this.#node({ kind: "name", name: token.text, at: token.at });
    }
    return this.#nested(token.at, () => {
      const args: Expression[] = [];
      while (!this.#takes(")")) {
        if (args.length > 0) this.#expect(",", opening);
        args.push(this.or());
      }
      return this.#node({ kind: "call", name: token.text, args, at: token.at });
    });
  }

  #list(opening: Token): Expression {
    const values: (number | string)[] = [];
    while (!this.#takes("]")) {
      if (values.length > 0) this.#expect(",", opening);
      const sign = this.#takes("-") ? -1 : 1;
      const token = this.#peek();
      if (token.kind === "number") values.push(sign * Number(token.text));
      else if (token.kind === "string" && sign === 1) values.push(token.text);
      else {
        throw new ExpressionError(
          token.at,
          `a list holds texts or numbers, found ${shown(token)}`,
        );
      }
      if (typeof values[0] !== typeof values.at(-1)) {
        throw new ExpressionError(
          token.at,
          "a list holds either texts or numbers",
        );
      }
      if (values.length > EXPRESSION_LIMITS.listValues) {
        throw new ExpressionError(
          token.at,
          `a list has at most ${EXPRESSION_LIMITS.listValues} values`,
        );
      }
      this.#next++;
    }
    return this.#node({ kind: "list", values, at: opening.at });
  }

  #leftToRight(
    operators: readonly Operator[],
    operand: () => Expression,
  ): Expression {
    let left = operand();
    for (;;) {
      const token = this.#peek();
      const operator = operators.find((each) => this.#takes(each));
      if (operator === undefined) return left;
      const right = operand();
      left = this.#node({
        kind: "binary",
        operator,
        left,
        right,
        at: token.at,
      });
    }
  }

  /** Takes the next token if it is this keyword or symbol. */
  #takes(text: string): boolean {
    const token = this.#peek();
    const isIt =
      token.text === text && (token.kind === "word" || token.kind === "symbol");
    if (isIt) this.#next++;
    return isIt;
  }

  #expect(text: string, opening: Token): void {
    if (this.#takes(text)) return;
    const token = this.#peek();
    throw new ExpressionError(
      token.at,
      `expected ${JSON.stringify(text)} for the ${JSON.stringify(opening.text)} at character ${opening.at + 1}, found ${shown(token)}`,
    );
  }

  #nested(at: number, read: () => Expression): Expression {
    if (++this.#depth > EXPRESSION_LIMITS.depth) {
      throw new ExpressionError(
        at,
        `an expression nests at most ${EXPRESSION_LIMITS.depth} deep`,
      );
    }
    const expression = read();
    this.#depth--;
    return expression;
  }

  #node<E extends Expression>(expression: E): E {
    if (++this.#nodes > EXPRESSION_LIMITS.nodes) {
      throw new ExpressionError(
        expression.at,
        `an expression has at most ${EXPRESSION_LIMITS.nodes} parts`,
      );
    }
    return expression;
  }

  #peek(): Token {
    return (
      this.#tokens[this.#next] ??
      this.#tokens.at(-1) ?? { kind: "end", text: "", at: 0 }
    );
  }
}

function shown(token: Token): string {
  return token.kind === "end" ? "the end" : JSON.stringify(token.text);
}

import Type from "typebox";

/**
 * A parsed expression over item, user, context and history. `at` is where it
 * stands in the text, in characters from 0.
 */
export type Expression =
  | {
      readonly kind: "literal";
      readonly value: number | string | boolean;
      readonly at: number;
    }
  | {
      readonly kind: "list";
      readonly values: readonly (number | string)[];
      readonly at: number;
    }
  | {
      /** Such as `item.attributes.colour`. */
      readonly kind: "name";
      readonly name: string;
      readonly at: number;
    }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly Expression[];
      readonly at: number;
    }
  | {
      readonly kind: "not" | "negative";
      readonly of: Expression;
      readonly at: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
      /** Where the operator stands. */
      readonly at: number;
    };

export type Operator =
  | "or"
  | "and"
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "not in"
  | "has"
  | "has any"
  | "has all"
  | "contains"
  | "+"
  | "-"
  | "*"
  | "/";

/** What is wrong with an expression, and where. */
export interface ExpressionProblem {
  /** In characters from 0. */
  readonly at: number;
  readonly message: string;
}

/** Thrown within the parser only; whoever calls it gets problems as data. */
export class ExpressionError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Beyond these an expression is refused: what it costs per item stays bounded. */
export const EXPRESSION_LIMITS = {
  characters: 4000,
  nodes: 200,
  depth: 30,
  listValues: 1000,
} as const;

/** An expression as people write it: `item.price < 20 and item.tags has "gift"`. */
export const ExpressionText = Type.String({
  minLength: 1,
  maxLength: EXPRESSION_LIMITS.characters,
});

import {
  pointAt,
  readExpression,
  type Expression,
  type ExpressionUse,
  type FieldError,
  type Names,
  type ReadExpression,
} from "@recsys/contracts";

/** Reads expressions of one schema, each once. */
export interface Expressions {
  read(text: string, use: ExpressionUse): ReadExpression;
  /** Null where the expression does not fit the schema (any more). */
  find(text: string, use: ExpressionUse): Expression | null;
}

/** Callers write expressions too, so that what is remembered is bounded. */
const MOST_REMEMBERED = 1000;

export function createExpressions(names: Names): Expressions {
  const remembered = new Map<string, ReadExpression>();
  const read = (text: string, use: ExpressionUse): ReadExpression => {
    const key = `${use} ${text}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const made = readExpression(text, { names, use });
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, made);
    return made;
  };
  return {
    read,
    find: (text, use) => {
      const made = read(text, use);
      return made.ok ? made.expression : null;
    },
  };
}

/** What is wrong with an expression, each with its character. */
export function expressionErrors(
  expressions: Expressions,
  about: {
    readonly text: string;
    readonly use: ExpressionUse;
    readonly path: string;
  },
): FieldError[] {
  const made = expressions.read(about.text, about.use);
  if (made.ok) return [];
  return made.problems.map(({ at, message }) => ({
    path: about.path,
    code: "expression",
    message: `at character ${at + 1}: ${message}\n${pointAt(about.text, at)}`,
  }));
}

import { ExpressionError } from "./syntax.ts";

export interface Token {
  readonly kind: "number" | "string" | "word" | "symbol" | "end";
  /** A string without its quotes; everything else as written. */
  readonly text: string;
  readonly at: number;
}

const SPACE = /\s+/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const SYMBOL = /!=|<=|>=|[=<>()[\],+\-*/]/y;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;

/** What other languages write, and we do not. */
const FOREIGN = /===?|&&|\|\||<>|!(?!=)/y;
const OWN_WORDS: Readonly<Record<string, string>> = {
  "==": "=",
  "===": "=",
  "<>": "!=",
  "&&": "and",
  "||": "or",
  "!": "not",
};

/** The tokens of a text, with an `end` as the last. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  while (at < text.length) {
    const space = take(SPACE);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const token = nextToken(text, at, take);
    tokens.push(token.token);
    at += token.length;
  }
  tokens.push({ kind: "end", text: "", at: text.length });
  return tokens;
}

function nextToken(
  text: string,
  at: number,
  take: (pattern: RegExp) => string | null,
): { readonly token: Token; readonly length: number } {
  const foreign = take(FOREIGN);
  if (foreign !== null) {
    throw new ExpressionError(
      at,
      `${foreign} is written ${OWN_WORDS[foreign] ?? ""} here`,
    );
  }
  for (const [kind, pattern] of [
    ["number", NUMBER],
    ["word", WORD],
    ["symbol", SYMBOL],
  ] as const) {
    const found = take(pattern);
    if (found !== null) {
      return { token: { kind, text: found, at }, length: found.length };
    }
  }
  const quoted = take(STRING);
  if (quoted !== null) {
    const inner = quoted.slice(1, -1).replace(/\\(.)/gs, "$1");
    return {
      token: { kind: "string", text: inner, at },
      length: quoted.length,
    };
  }
  const character = text[at] ?? "";
  throw new ExpressionError(
    at,
    character === '"' || character === "'"
      ? "this text has no closing quote"
      : `${JSON.stringify(character)} means nothing here`,
  );
}

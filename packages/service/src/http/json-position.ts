type Expectation = "value" | "first" | "key" | "colon" | "next" | "end";

/**
 * Offset of the first character that makes `text` malformed JSON; its length
 * when it only ends too early. JSON.parse names the position in some of its
 * messages only. Follows RFC 8259; called for texts that JSON.parse refused.
 */
export function malformedAt(text: string): number {
  const open: ("{" | "[")[] = [];
  let expected: Expectation = "value";
  let at = 0;
  for (;;) {
    at = after(WHITE_SPACE, text, at);
    const char = text[at];
    if (char === undefined) return text.length;
    const inside = open.at(-1);
    if (isClosing(char, inside, expected)) {
      open.pop();
      at++;
      expected = open.length === 0 ? "end" : "next";
    } else if (
      expected === "value" ||
      (expected === "first" && inside === "[")
    ) {
      if (char === "{" || char === "[") {
        open.push(char);
        at++;
        expected = "first";
      } else {
        const end = endOfScalar(text, at);
        if (!end.ok) return end.at;
        at = end.at;
        expected = open.length === 0 ? "end" : "next";
      }
    } else if (expected === "key" || expected === "first") {
      const end = char === '"' ? endOfString(text, at) : { ok: false, at };
      if (!end.ok) return end.at;
      at = end.at;
      expected = "colon";
    } else if (
      char === (expected === "colon" ? ":" : ",") &&
      inside !== undefined
    ) {
      at++;
      expected = expected === "next" && inside === "{" ? "key" : "value";
    } else {
      return at;
    }
  }
}

const WHITE_SPACE = /[ \t\r\n]*/y;
/** From space on, all but the quotation mark and the backslash. */
const PLAIN_TEXT = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

interface End {
  readonly ok: boolean;
  readonly at: number;
}

function isClosing(
  char: string,
  inside: "{" | "[" | undefined,
  expected: Expectation,
): boolean {
  if (expected !== "first" && expected !== "next") return false;
  return char === (inside === "{" ? "}" : inside === "[" ? "]" : "");
}

function endOfScalar(text: string, at: number): End {
  if (text[at] === '"') return endOfString(text, at);
  const end = Math.max(after(NUMBER, text, at), after(LITERAL, text, at));
  return { ok: end > at, at: end };
}

function endOfString(text: string, from: number): End {
  let at = from + 1;
  for (;;) {
    at = after(PLAIN_TEXT, text, at);
    if (text[at] === '"') return { ok: true, at: at + 1 };
    const end = after(ESCAPE, text, at);
    if (end === at) return { ok: false, at };
    at = end;
  }
}

/** Where the sticky pattern ends when it matches at `at`, else `at`. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ApiError, type FieldError } from "@recsys/contracts";
import { malformedAt } from "./json-position.ts";

/** What a body was, before it is checked against a schema. */
export type ParsedBody =
  | {
      readonly kind: "json";
      readonly value: unknown;
      /** Strings that Postgres cannot hold; empty for nearly every body. */
      readonly textErrors: readonly FieldError[];
    }
  | { readonly kind: "lines"; readonly rows: readonly ParsedLine[] };

export type ParsedLine =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly textErrors: readonly FieldError[];
    }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

export interface BodyForm {
  readonly encoding: string | undefined;
  readonly isLines: boolean;
  /** Limit of the decompressed bytes. */
  readonly maxBytes: number;
}

const inflate = promisify(gunzip);

/** Decompresses and parses a body. Throws ApiError when it is too large, not UTF-8 or not JSON. */
export async function parseBody(
  bytes: Buffer,
  form: BodyForm,
): Promise<ParsedBody> {
  return parsePlain(await decompressed(bytes, form), form.isLines);
}

/** Parses a body that is not compressed. */
export function parsePlain(bytes: Buffer, isLines: boolean): ParsedBody {
  const text = decode(bytes);
  if (isLines) return { kind: "lines", rows: parseLines(text) };
  const value = parseJson(text);
  return { kind: "json", value, textErrors: unstorable(text, value) };
}

async function decompressed(bytes: Buffer, form: BodyForm): Promise<Buffer> {
  const { encoding, maxBytes } = form;
  if (encoding === undefined || encoding === "identity") return bytes;
  if (encoding !== "gzip") {
    throw new ApiError("UNSUPPORTED_MEDIA_TYPE", {
      detail: `Content-Encoding ${encoding} is not supported; send gzip or none.`,
    });
  }
  try {
    return await inflate(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const tooLarge =
      (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw tooLarge
      ? new ApiError("BODY_TOO_LARGE", {
          detail: `The body decompresses to more than ${maxBytes} bytes.`,
        })
      : new ApiError("MALFORMED_JSON", {
          detail: "The body is not valid gzip.",
          cause: error,
        });
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    throw new ApiError("MALFORMED_JSON", {
      detail: "The body is not valid UTF-8.",
      cause: error,
    });
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === "") {
    throw new ApiError("MALFORMED_JSON", { detail: "The body is empty." });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ApiError("MALFORMED_JSON", {
      detail: whereMalformed(text),
      cause: error,
    });
  }
}

/** Where the text goes wrong, without quoting it: it may be personal. */
function whereMalformed(text: string): string {
  const at = malformedAt(text);
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  const what = at >= text.length ? "The text ends early" : "Unexpected text";
  return `${what} at position ${at} (line ${line}, column ${column}).`;
}

function parseLines(text: string): ParsedLine[] {
  const lines = text.split("\n");
  if (lines.at(-1)?.trim() === "") lines.pop();
  return lines.map((line) => {
    try {
      const value = JSON.parse(line) as unknown;
      return { ok: true, value, textErrors: unstorable(line, value) };
    } catch {
      const message = whereMalformed(line);
      return { ok: false, errors: [{ path: "", code: "malformed", message }] };
    }
  });
}

/** JSON may spell NUL and halves of surrogate pairs; text in Postgres may hold neither. */
const ESCAPES = /\\u(?:0000|d[89a-f])/i;
const UNSTORABLE = /\0|\p{Surrogate}/u;

function unstorable(text: string, value: unknown): FieldError[] {
  const hasEscapes = ESCAPES.test(text);
  return hasEscapes || isDeep(text) ? findUnstorable(value, hasEscapes) : [];
}

/** An error for each text in a value that Postgres cannot hold. */
export function textErrors(value: unknown): FieldError[] {
  return findUnstorable(value, true);
}

/** Whether the text may nest deeper than allowed: most bodies do not even have so many brackets. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x5b || unit === 0x7b) {
      if (++depth > MOST_DEPTH) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}

/** Deeper than any schema of the product; beyond it, recursive checks would run out of stack. */
const MOST_DEPTH = 64;

/** Walks without recursion: a body may be nested as deep as it is long. */
function findUnstorable(root: unknown, hasEscapes: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const waiting = [{ value: root, path: "", depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path, depth } = next;
    if (typeof value === "string") {
      if (hasEscapes && UNSTORABLE.test(value)) errors.push(textError(path));
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth >= MOST_DEPTH) return [tooDeep(path)];
    // Backwards, because the last one waiting is looked at first.
    for (const [key, inner] of Object.entries(value).reverse()) {
      if (hasEscapes && UNSTORABLE.test(key)) errors.push(textError(path));
      else
        waiting.push({
          value: inner,
          path: `${path}/${key}`,
          depth: depth + 1,
        });
    }
  }
  return errors;
}

function tooDeep(path: string): FieldError {
  return {
    path,
    code: "depth",
    message: `is nested more than ${MOST_DEPTH} levels deep`,
  };
}

function textError(path: string): FieldError {
  return {
    path,
    code: "text",
    message: "must not hold NUL or half of a surrogate pair",
  };
}

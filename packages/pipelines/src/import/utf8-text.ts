import { isUtf8 } from "node:buffer";
import type { RowProblem } from "./record.ts";

/** A lone surrogate: no UTF-8 decodes to it, so it cannot be taken for a character of the file. */
const NOT_UTF8 = "\udfff";
const LONE_SURROGATE = /\p{Surrogate}/gu;
const REPLACEMENT = "\ufffd";
const BYTE_ORDER_MARK = "\ufeff";
const NEWLINE = 0x0a;

/** What is wrong with a row that has bytes which are no UTF-8: two ids could become the same. */
export const ENCODING_PROBLEM: RowProblem = {
  code: "not_utf8",
  path: "",
  message: "The line has bytes that are not UTF-8; save the file as UTF-8.",
};

/** Whether all bytes that this text of `utf8Text` came from were UTF-8. */
export function wasUtf8(text: string): boolean {
  // Most lines have no such code unit at all, and that is quickly seen.
  return !text.includes(NOT_UTF8) || text.search(LONE_SURROGATE) === -1;
}

/** The text with U+FFFD where it could not be read. */
export function readable(text: string): string {
  return wasUtf8(text) ? text : text.replaceAll(LONE_SURROGATE, REPLACEMENT);
}

/**
 * Bytes as text, without the byte order mark at the start. In a line that is
 * not UTF-8 what cannot be read is marked; `wasUtf8` tells, and
 * `readable` makes it fit to be shown.
 */
export async function* utf8Text(
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<string> {
  let cut: Buffer = Buffer.alloc(0);
  let isStart = true;
  const decode = (bytes: Buffer) => {
    const text = isUtf8(bytes) ? bytes.toString("utf8") : marked(bytes);
    const isMarked = isStart && text.startsWith(BYTE_ORDER_MARK);
    isStart &&= text === "";
    return isMarked ? text.slice(1) : text;
  };
  for await (const piece of pieces) {
    const bytes = cut.length === 0 ? piece : Buffer.concat([cut, piece]);
    const end = bytes.length - unfinished(bytes);
    cut = bytes.subarray(end);
    yield decode(bytes.subarray(0, end));
  }
  yield decode(cut);
}

/** Bytes at the end that may be the beginning of a character. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0;
  }
  return 0;
}

/** Bytes of the character that starts with this one. */
function lengthOf(byte: number): number {
  if (byte >= 0xf0) return 4;
  return byte >= 0xe0 ? 3 : 2;
}

/** Line by line, so that one bad line does not spoil a U+FFFD that stands in another. */
function marked(bytes: Buffer): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    const text = line.toString("utf8");
    parts.push(isUtf8(line) ? text : text.replaceAll(REPLACEMENT, NOT_UTF8));
    start = end;
  }
  return parts.join("");
}

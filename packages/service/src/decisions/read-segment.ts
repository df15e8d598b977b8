import { open } from "node:fs/promises";
import type { DecisionRecord } from "@recsys/contracts";
import { KEPT_CHARACTERS, type RejectedLine } from "./rejected-lines.ts";

/** One line of a segment: a decision, or why it is none. */
export type SegmentLine =
  | { readonly kind: "record"; readonly record: DecisionRecord }
  | {
      readonly kind: "bad";
      readonly rejected: Omit<RejectedLine, "segment">;
    };

/** Far longer than any decision with its samples. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;

/**
 * The lines of a segment, one after the other, in bounded memory. A decision
 * without its end was cut off by a crash before its answer, so it is left out.
 * Throws when the file cannot be read.
 */
export async function* readSegment(path: string): AsyncGenerator<SegmentLine> {
  const file = await open(path, "r");
  try {
    if (!(await file.stat()).isFile()) throw new Error("it is no file");
    let pieces: Buffer[] = [];
    let bytes = 0;
    let line = 0;
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      let rest = chunk as Buffer;
      for (;;) {
        const end = rest.indexOf(NEWLINE);
        const piece = end === -1 ? rest : rest.subarray(0, end);
        bytes += piece.length;
        if (bytes - piece.length <= MAX_LINE_BYTES) pieces.push(piece);
        if (end === -1) break;
        line += 1;
        yield toLine({ line, bytes, text: Buffer.concat(pieces) });
        pieces = [];
        bytes = 0;
        rest = rest.subarray(end + 1);
      }
    }
    const last = Buffer.concat(pieces);
    if (last.length > 0 && last[0] !== OPENING_BRACE) {
      yield toLine({ line: line + 1, bytes, text: last });
    }
  } finally {
    await file.close();
  }
}

function toLine(found: {
  readonly line: number;
  readonly bytes: number;
  readonly text: Buffer;
}): SegmentLine {
  const { line, bytes } = found;
  const bad = (reason: string): SegmentLine => {
    const text = found.text.toString("utf8", 0, KEPT_CHARACTERS);
    return { kind: "bad", rejected: { line, reason, requestId: null, text } };
  };
  if (bytes > MAX_LINE_BYTES) return bad(`a line of ${bytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(found.text.toString("utf8"));
  } catch {
    return bad("not JSON");
  }
  return isRecord(value) ? { kind: "record", record: value } : bad(NO_DECISION);
}

const NO_DECISION = "not a decision";

/** As much as it takes to know where it belongs; the database looks at the rest. */
function isRecord(value: unknown): value is DecisionRecord {
  if (typeof value !== "object" || value === null) return false;
  const { tenant, namespace, request_id } = value as Partial<DecisionRecord>;
  return [tenant, namespace, request_id].every((id) => typeof id === "string");
}

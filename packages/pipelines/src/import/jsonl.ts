import { MAX_COLUMNS, MAX_LINE_CHARACTERS } from "./limits.ts";
import type { SourceRecord } from "./record.ts";

export interface JsonlParser {
  push(text: string): SourceRecord[];
  end(): SourceRecord[];
}

/** Of a line that is too long so much is shown. */
const SHOWN = 1000;

/** A streaming reader of one JSON object a line; empty lines are skipped. */
export function createJsonlParser(): JsonlParser {
  /** What has come of the present line; only its beginning when it is too long. */
  let pieces: string[] = [];
  let held = 0;
  let isTooLong = false;
  let line = 1;

  function keep(text: string): void {
    if (isTooLong || text === "") return;
    pieces.push(text);
    held += text.length;
    if (held <= MAX_LINE_CHARACTERS) return;
    isTooLong = true;
    pieces = [pieces.join("").slice(0, SHOWN)];
  }

  function take(): SourceRecord[] {
    const text = pieces.join("");
    const found = isTooLong ? overlong(line, text) : readLine(line, text);
    pieces = [];
    held = 0;
    isTooLong = false;
    line++;
    return found === undefined ? [] : [found];
  }

  return {
    push(text) {
      const records: SourceRecord[] = [];
      let start = 0;
      for (;;) {
        const end = text.indexOf("\n", start);
        if (end === -1) break;
        keep(text.slice(start, end));
        records.push(...take());
        start = end + 1;
      }
      keep(text.slice(start));
      return records;
    },
    end: () => (held === 0 ? [] : take()),
  };
}

function readLine(line: number, text: string): SourceRecord | undefined {
  const raw = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (raw.trim() === "") return undefined;
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const fields = Object.keys(value).length;
      if (fields > MAX_COLUMNS) return tooWide(line, { raw, fields });
      return { line, raw, values: value as Record<string, unknown> };
    }
    return bad(line, raw, "The line is JSON but not an object.");
  } catch {
    return bad(line, raw, "The line is not valid JSON.");
  }
}

function bad(line: number, raw: string, message: string): SourceRecord {
  return {
    line,
    raw,
    values: {},
    problem: { code: "malformed_json", path: "", message },
  };
}

function tooWide(
  line: number,
  { raw, fields }: { readonly raw: string; readonly fields: number },
): SourceRecord {
  const message = `The object has ${fields} fields, the most is ${MAX_COLUMNS}.`;
  const problem = { code: "too_many_fields", path: "", message };
  return { line, raw: raw.slice(0, SHOWN), values: {}, problem };
}

function overlong(line: number, text: string): SourceRecord {
  return {
    line,
    raw: text.slice(0, SHOWN),
    values: {},
    problem: {
      code: "too_long",
      path: "",
      message: `The line is longer than ${MAX_LINE_CHARACTERS.toLocaleString("en")} characters.`,
    },
  };
}

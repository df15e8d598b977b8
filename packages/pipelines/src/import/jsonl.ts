import type { SourceRecord } from "./record.ts";

export interface JsonlParser {
  push(text: string): SourceRecord[];
  end(): SourceRecord[];
}

/** A longer line is rejected without being held in memory. */
const MAX_LINE_CHARS = 1 << 20;

/** A streaming reader of one JSON object a line; empty lines are skipped. */
export function createJsonlParser(): JsonlParser {
  let rest = "";
  let line = 1;
  let skipping = false;

  function take(text: string): SourceRecord[] {
    const found = skipping ? overlong(line, text) : readLine(line, text);
    skipping = false;
    line++;
    return found === undefined ? [] : [found];
  }

  return {
    push(text) {
      const records: SourceRecord[] = [];
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const complete of lines) records.push(...take(complete));
      if (rest.length > MAX_LINE_CHARS) {
        skipping = true;
        rest = rest.slice(0, 1000);
      }
      return records;
    },
    end: () => (rest === "" ? [] : take(rest)),
  };
}

function readLine(line: number, text: string): SourceRecord | undefined {
  const raw = text.endsWith("\r") ? text.slice(0, -1) : text;
  if (raw.trim() === "") return undefined;
  if (raw.length > MAX_LINE_CHARS) return overlong(line, raw);
  try {
    const value: unknown = JSON.parse(raw);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
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

function overlong(line: number, text: string): SourceRecord {
  return {
    line,
    raw: text.slice(0, 1000),
    values: {},
    problem: {
      code: "too_long",
      path: "",
      message: `The line is longer than ${MAX_LINE_CHARS} characters.`,
    },
  };
}

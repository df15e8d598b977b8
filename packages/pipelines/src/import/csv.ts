import { MAX_LINE_CHARACTERS } from "./limits.ts";
import type { RowProblem } from "./record.ts";

/** One record of a CSV file; `fields` is empty when there is a problem. */
export interface CsvRecord {
  readonly line: number;
  readonly raw: string;
  readonly fields: readonly string[];
  readonly problem?: RowProblem;
}

export interface CsvParser {
  /** The records that are complete after this piece of text. */
  push(text: string): CsvRecord[];
  /** What is left at the end of the file. */
  end(): CsvRecord[];
}

/**
 * A streaming parser of RFC 4180: quoted fields with doubled quotes, line
 * breaks inside quotes, LF or CRLF, empty lines skipped. A record with a stray
 * or unclosed quote becomes one problem of one line; reading goes on at the next.
 */
export function createCsvParser(delimiter = ","): CsvParser {
  let rest = "";
  let line = 1;
  let skipping = false;

  function drain(final: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let start = 0;
    while (start < rest.length) {
      const found = readRecord(rest, { start, delimiter, final });
      if (found === "incomplete") break;
      if (found.raw !== "" || found.problem !== undefined) {
        records.push({ line, ...withoutEnd(found) });
      }
      line += found.lines;
      start = found.end;
    }
    rest = rest.slice(start);
    return records;
  }

  /** A line without end is given up: reported once, then skipped to its newline. */
  function giveUp(): CsvRecord[] {
    if (rest.length <= MAX_LINE_CHARACTERS) return [];
    const raw = rest.slice(0, 1000);
    rest = "";
    skipping = true;
    const message = `The line is longer than ${MAX_LINE_CHARACTERS.toLocaleString("en")} characters.`;
    return [{ line, raw, fields: [], problem: problem("too_long", message) }];
  }

  return {
    push(text) {
      rest += text;
      if (skipping) {
        const newline = rest.indexOf("\n");
        rest = newline === -1 ? "" : rest.slice(newline + 1);
        if (newline === -1) return [];
        skipping = false;
        line++;
      }
      const records = drain(false);
      return [...records, ...giveUp()];
    },
    end: () => drain(true),
  };
}

function problem(code: string, message: string): RowProblem {
  return { code, path: "", message };
}

interface Found {
  readonly raw: string;
  readonly fields: readonly string[];
  readonly problem?: RowProblem;
  readonly lines: number;
  readonly end: number;
}

function withoutEnd(found: Found): Omit<CsvRecord, "line"> {
  return {
    raw: found.raw,
    fields: found.fields,
    ...(found.problem === undefined ? {} : { problem: found.problem }),
  };
}

interface Position {
  readonly start: number;
  readonly delimiter: string;
  readonly final: boolean;
}

function readRecord(text: string, at: Position): Found | "incomplete" {
  const newline = text.indexOf("\n", at.start);
  if (newline === -1 && !at.final) return "incomplete";
  const lineEnd = newline === -1 ? text.length : newline;
  const raw = withoutCarriageReturn(text.slice(at.start, lineEnd));
  if (raw.includes('"')) return readQuoted(text, at);
  return { raw, fields: raw.split(at.delimiter), lines: 1, end: lineEnd + 1 };
}

/** The slow way, field by field, for records that contain a quote. */
function readQuoted(text: string, at: Position): Found | "incomplete" {
  const fields: string[] = [];
  let position = at.start;
  for (;;) {
    const field = readField(text, position, at.delimiter);
    if (field === "open") return unclosed(text, at);
    if (field === "stray") {
      return broken(text, at, "A quote is not where a quote can be.");
    }
    fields.push(field.value);
    if (field.next === "delimiter") {
      position = field.end + 1;
      continue;
    }
    if (field.next === "end" && !at.final) return "incomplete";
    const raw = withoutCarriageReturn(text.slice(at.start, field.end));
    return { raw, fields, lines: newlinesIn(raw) + 1, end: field.end + 1 };
  }
}

interface Field {
  readonly value: string;
  /** Position of what follows the field. */
  readonly end: number;
  readonly next: "delimiter" | "newline" | "end";
}

function readField(
  text: string,
  start: number,
  delimiter: string,
): Field | "open" | "stray" {
  if (text[start] !== '"') return readPlain(text, start, delimiter);
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text[close + 1] === '"') {
    close = text.indexOf('"', close + 2);
  }
  if (close === -1) return "open";
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  const after = close + 1;
  if (text[after] === delimiter)
    return { value, end: after, next: "delimiter" };
  if (after >= text.length) return { value, end: after, next: "end" };
  if (text[after] === "\n") return { value, end: after, next: "newline" };
  if (text[after] !== "\r") return "stray";
  if (after + 1 >= text.length) return { value, end: after + 1, next: "end" };
  return text[after + 1] === "\n"
    ? { value, end: after + 1, next: "newline" }
    : "stray";
}

function readPlain(text: string, start: number, delimiter: string): Field {
  const newline = text.indexOf("\n", start);
  const lineEnd = newline === -1 ? text.length : newline;
  const found = text.indexOf(delimiter, start);
  if (found !== -1 && found < lineEnd) {
    return { value: text.slice(start, found), end: found, next: "delimiter" };
  }
  return {
    value: withoutCarriageReturn(text.slice(start, lineEnd)),
    end: lineEnd,
    next: newline === -1 ? "end" : "newline",
  };
}

/** More text may close the quote, unless the file is at its end or the record is absurdly long. */
function unclosed(text: string, at: Position): Found | "incomplete" {
  if (!at.final && text.length - at.start <= MAX_LINE_CHARACTERS) {
    return "incomplete";
  }
  return broken(text, at, "A quoted field is never closed.");
}

/** Gives up one line only: what follows it is read as if nothing had happened. */
function broken(text: string, at: Position, message: string): Found {
  const newline = text.indexOf("\n", at.start);
  const lineEnd = newline === -1 ? text.length : newline;
  return {
    raw: withoutCarriageReturn(text.slice(at.start, lineEnd)),
    fields: [],
    problem: problem("csv_quote", message),
    lines: 1,
    end: lineEnd + 1,
  };
}

function withoutCarriageReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1))
    count++;
  return count;
}

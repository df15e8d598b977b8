import fc from "fast-check";
import { expect, test } from "vitest";
import { createCsvParser, type CsvRecord } from "./csv.ts";

function parse(...pieces: readonly string[]): CsvRecord[] {
  const parser = createCsvParser();
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()];
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

function cut(text: string, at: readonly number[]): string[] {
  const positions = [...at]
    .map((p) => p % (text.length + 1))
    .sort((a, b) => a - b);
  return [0, ...positions].map((from, i) =>
    text.slice(from, positions[i] ?? text.length),
  );
}

test("what a writer quotes comes back, wherever the text is cut", () => {
  const field = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", " ", "é") }),
  );
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(
      table,
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(), { maxLength: 5 }),
      (rows, eol, cuts) => {
        const text = rows
          .map((row) => row.map(quoted).join(",") + eol)
          .join("");
        expect(
          parse(...cut(text, cuts)).map((record) => record.fields),
        ).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test("line numbers are those of the first line of a record", () => {
  const records = parse('a,b\n"x\ny",1\n\n2,3');
  expect(records.map(({ line, fields }) => [line, ...fields])).toEqual([
    [1, "a", "b"],
    [2, "x\ny", "1"],
    [5, "2", "3"],
  ]);
});

test("a quote inside an unquoted field is an ordinary character", () => {
  expect(parse('5" pipe,1\n')[0]?.fields).toEqual(['5" pipe', "1"]);
});

test("text after a closing quote is a problem of that line alone", () => {
  const records = parse('"a"b,1\nc,2\n');
  expect(records.map((r) => r.problem?.code ?? r.fields)).toEqual([
    "csv_quote",
    ["c", "2"],
  ]);
  expect(records[0]).toMatchObject({ line: 1, raw: '"a"b,1' });
});

test("an unclosed quote costs one line, not the rest of the file", () => {
  const records = parse('"a,1\nb,2\nc,3\n');
  expect(records.map((r) => r.problem?.code ?? r.fields)).toEqual([
    "csv_quote",
    ["b", "2"],
    ["c", "3"],
  ]);
});

test("a line of two megabytes is one problem and the next line is read", () => {
  const records = parse("x".repeat(2_000_000), "y,1\n", "b,2\n");
  expect(records.map((r) => [r.line, r.problem?.code ?? r.fields])).toEqual([
    [1, "too_long"],
    [2, ["b", "2"]],
  ]);
});

test("another delimiter is honoured", () => {
  const parser = createCsvParser(";");
  expect(parser.push('a;"b;c"\n')[0]?.fields).toEqual(["a", "b;c"]);
});

import {
  ApiError,
  type BatchResult,
  type FieldError,
  type RowResult,
  type Validator,
} from "@recsys/contracts";
import type { ParsedBody } from "./parse-body.ts";

/** A row of a batch after the check of its schema. */
export type BatchRow<T> =
  | { readonly row: number; readonly ok: true; readonly value: T }
  | {
      readonly row: number;
      readonly ok: false;
      readonly errors: readonly FieldError[];
      /** The fields that the schema takes: they can be judged all the same. */
      readonly rest: Partial<T>;
    };

const MAX_ROWS = 10_000;

/** The rows of a body, each checked by itself. Throws when the body is no batch or too long. */
export function checkRows(
  body: ParsedBody,
  validate: Validator,
): BatchRow<never>[] {
  if (body.kind === "lines") {
    requireCount(body.rows.length);
    return body.rows.map((line, row) =>
      line.ok
        ? checkRow(row, line.value, validate, line.textErrors)
        : { row, ok: false, errors: line.errors, rest: {} as never },
    );
  }
  if (!Array.isArray(body.value)) {
    throw new ApiError("INVALID_REQUEST", {
      errors: [
        {
          path: "",
          code: "type",
          message: "must be an array of rows, or JSON lines",
        },
      ],
    });
  }
  requireCount(body.value.length);
  const texts = textErrorsByRow(body.textErrors);
  return body.value.map((value: unknown, row) =>
    checkRow(row, value, validate, texts.get(row) ?? []),
  );
}

/** The answer to a batch: results in the order of the rows, and their counts. */
export function batchAnswer(
  requestId: string,
  results: readonly RowResult[],
): BatchResult {
  const counts = { accepted: 0, duplicate: 0, rejected: 0 };
  for (const { status } of results) counts[status]++;
  return {
    request_id: requestId,
    ...counts,
    results: [...results].sort((a, b) => a.row - b.row),
  };
}

/** Everything that is wrong with a row: by its schema, and by meaning with what the schema takes. */
export function rowErrors<T>(
  row: BatchRow<T>,
  errorsOf: (
    input: Partial<T>,
    known: readonly FieldError[],
  ) => readonly FieldError[],
): readonly FieldError[] {
  return row.ok
    ? errorsOf(row.value, [])
    : [...row.errors, ...errorsOf(row.rest, row.errors)];
}

/** The result of a row that is refused. */
export function rejected(
  row: number,
  errors: readonly FieldError[],
): RowResult {
  return { row, status: "rejected", errors: [...errors] };
}

function checkRow(
  row: number,
  value: unknown,
  ...[validate, texts]: [Validator, readonly FieldError[]]
): BatchRow<never> {
  const errors = [...validate(value), ...texts];
  return errors.length === 0
    ? { row, ok: true, value: value as never }
    : {
        row,
        ok: false,
        errors,
        rest: restOf(value, errors, validate) as never,
      };
}

/** The row without the fields that an error names; nothing where it may hold more that is wrong. */
function restOf(
  value: unknown,
  errors: readonly FieldError[],
  validate: Validator,
): Record<string, never> {
  const bad = new Set(errors.map(({ path }) => fieldAt(path)));
  if (typeof value !== "object" || value === null || bad.has("")) return {};
  const rest = Object.entries(value).filter(([name]) => !bad.has(name));
  const fields = Object.fromEntries(rest) as Record<string, never>;
  // Errors are listed up to a number; one that was not may stand in the rest.
  const isGood = validate(fields).every(({ code }) => code === "required");
  return isGood ? fields : {};
}

/** The member of the row that a JSON pointer leads into; empty for the row itself. */
function fieldAt(path: string): string {
  const [, field = ""] = path.split("/");
  return field.replaceAll("~1", "/").replaceAll("~0", "~");
}

function requireCount(rows: number): void {
  if (rows <= MAX_ROWS) return;
  throw new ApiError("BODY_TOO_LARGE", {
    detail: `A batch holds at most ${MAX_ROWS} rows, this one has ${rows}.`,
  });
}

/** Errors of a whole array have the row as the first part of their path. */
function textErrorsByRow(
  errors: readonly FieldError[],
): Map<number, FieldError[]> {
  const byRow = new Map<number, FieldError[]>();
  for (const error of errors) {
    const [, row = "", ...rest] = error.path.split("/");
    const path = rest.map((part) => `/${part}`).join("");
    const list = byRow.get(Number(row)) ?? [];
    byRow.set(Number(row), [...list, { ...error, path }]);
  }
  return byRow;
}

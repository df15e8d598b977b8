/**
 * One column of a batch for `unnest`, which pads shorter arrays with nulls: a
 * column without any value costs nothing to send.
 */
export function columnOf<Row, Value>(
  rows: readonly Row[],
  pick: (row: Row) => Value | null | undefined,
): (Value | null)[] {
  const column = rows.map((row) => pick(row) ?? null);
  return column.every((value) => value === null) ? [] : column;
}

/** The distinct values, sorted: batches that lock in one order cannot deadlock. */
export function distinctSorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

/** Neither absent nor null. */
export function isSet<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

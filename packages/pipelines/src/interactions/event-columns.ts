import type { DictionaryColumn } from "../duckdb.ts";

/** Events as columns, each text once: what the lake, files and adapters deliver to training. */
export interface EventColumns {
  readonly rowCount: number;
  readonly user: DictionaryColumn;
  readonly item: DictionaryColumn;
  readonly type: DictionaryColumn;
  /** Unix milliseconds; 0 where the source has no times. */
  readonly ts: Float64Array;
  /** NaN where absent. */
  readonly quantity: Float64Array;
  /** NaN where absent. */
  readonly value: Float64Array;
  readonly order: DictionaryColumn;
  readonly country: DictionaryColumn;
  /** `user`, `anonymous` or `session`. */
  readonly person: DictionaryColumn;
}

/** One event before it is columns. */
export interface EventRow {
  readonly user: string;
  readonly item: string;
  readonly type: string;
  readonly ts: number;
  readonly quantity?: number | undefined;
  readonly value?: number | undefined;
  readonly order?: string | undefined;
  readonly country?: string | undefined;
  readonly person?: "user" | "anonymous" | "session" | undefined;
}

/** Rows as columns, in the same order. */
export function toEventColumns(rows: readonly EventRow[]): EventColumns {
  return {
    rowCount: rows.length,
    user: dictionary(rows.map((row) => row.user)),
    item: dictionary(rows.map((row) => row.item)),
    type: dictionary(rows.map((row) => row.type)),
    ts: Float64Array.from(rows, (row) => row.ts),
    quantity: Float64Array.from(rows, (row) => row.quantity ?? NaN),
    value: Float64Array.from(rows, (row) => row.value ?? NaN),
    order: dictionary(rows.map((row) => row.order)),
    country: dictionary(rows.map((row) => row.country)),
    person: dictionary(rows.map((row) => row.person ?? "user")),
  };
}

/** The rows at the given positions. */
export function selectRows(
  events: EventColumns,
  positions: Int32Array,
): EventColumns {
  const pick = <T extends Int32Array | Float64Array>(from: T): T => {
    const picked = new (from.constructor as new (n: number) => T)(
      positions.length,
    );
    positions.forEach((position, i) => {
      picked[i] = from[position] ?? 0;
    });
    return picked;
  };
  const coded = (column: DictionaryColumn): DictionaryColumn => ({
    codes: pick(column.codes),
    values: column.values,
  });
  return {
    rowCount: positions.length,
    user: coded(events.user),
    item: coded(events.item),
    type: coded(events.type),
    ts: pick(events.ts),
    quantity: pick(events.quantity),
    value: pick(events.value),
    order: coded(events.order),
    country: coded(events.country),
    person: coded(events.person),
  };
}

/** Positions of the rows that meet a condition. */
export function positionsWhere(
  events: EventColumns,
  holds: (row: number) => boolean,
): Int32Array {
  const positions: number[] = [];
  for (let row = 0; row < events.rowCount; row++) {
    if (holds(row)) positions.push(row);
  }
  return Int32Array.from(positions);
}

/** The text of a coded column at a row, undefined where it is null. */
export function textAt(
  column: DictionaryColumn,
  row: number,
): string | undefined {
  return column.values[column.codes[row] ?? -1];
}

function dictionary(texts: readonly (string | undefined)[]): DictionaryColumn {
  const known = new Map<string, number>();
  const codes = Int32Array.from(texts, (text) => {
    if (text === undefined) return -1;
    const code = known.get(text) ?? known.size;
    known.set(text, code);
    return code;
  });
  return { codes, values: [...known.keys()] };
}

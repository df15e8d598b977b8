import { canonicalOrder } from "./canonical-order.ts";
import type { Interactions } from "./interactions.ts";

/** Rows in any order, one array per column, all of the same length. */
export interface InteractionColumns {
  readonly user: readonly string[];
  readonly item: readonly string[];
  readonly weight: ArrayLike<number>;
  readonly ts: ArrayLike<number>;
  /** Order or session id, unique within its user; null or "" = none. */
  readonly basket?: readonly (string | null)[];
  /** null or "" = none. */
  readonly group?: readonly (string | null)[];
  /** A user with a row of 0 is a guest; absent: everybody is a person. */
  readonly person?: ArrayLike<number>;
  readonly halfLifeDays?: ArrayLike<number>;
}

/** Interactions in canonical order. Throws an Error naming the column and row of the first value that is missing or out of range. */
export function createInteractions(columns: InteractionColumns): Interactions {
  checkLengths(columns);
  const n = columns.user.length;
  const user = indexed(columns.user);
  const item = indexed(columns.item);
  const group = indexed(["", ...(columns.group ?? [])]);
  const basket = indexed(["", ...(columns.basket ?? [])]);
  const person = new Uint8Array(user.ids.length).fill(1);
  user.positions.forEach((position, row) => {
    const value = columns.person?.[row] ?? 1;
    if (value !== 1) person[position] = value;
  });
  return canonicalOrder({
    users: user.ids,
    items: item.ids,
    user: user.positions,
    item: item.positions,
    weight: Float32Array.from(columns.weight),
    ts: Float64Array.from(columns.ts),
    // The position of "" is 0, so that no basket becomes -1.
    basket: columns.basket
      ? basket.positions.subarray(1).map((position) => position - 1)
      : new Int32Array(n).fill(-1),
    group: columns.group ? group.positions.subarray(1) : new Int32Array(n),
    groups: group.ids,
    person,
    ...(columns.halfLifeDays && {
      halfLifeDays: Float32Array.from(columns.halfLifeDays),
    }),
  });
}

function checkLengths(columns: InteractionColumns): void {
  const n = columns.user.length;
  for (const [name, column] of Object.entries(columns)) {
    const length = (column as ArrayLike<unknown> | undefined)?.length ?? n;
    if (length !== n) {
      throw new Error(`column ${name} has ${length} rows, user has ${n}`);
    }
  }
  for (const name of ["user", "item"] as const) {
    const row = columns[name].indexOf("");
    if (row >= 0) throw new Error(`row ${row}: ${name} is empty`);
  }
}

/** Distinct values in the order of `<` and each row's position among them. */
function indexed(values: readonly (string | null)[]) {
  const seen = new Map<string, number>();
  const raw = Int32Array.from(values, (value) => {
    const key = value ?? "";
    const known = seen.get(key) ?? seen.size;
    seen.set(key, known);
    return known;
  });
  const ids = [...seen.keys()].sort((a, b) => (a < b ? -1 : 1));
  const rank = new Int32Array(ids.length);
  ids.forEach((id, position) => {
    rank[seen.get(id) ?? 0] = position;
  });
  return { ids, positions: raw.map((first) => rank[first] ?? 0) };
}

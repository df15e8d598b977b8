/** One number per user and metric: all that intervals and paired comparisons need, so that lists need not be kept. */
export interface UserScores {
  /** Ascending; the order that bootstrap draws refer to, whatever order the users came in. */
  readonly users: readonly string[];
  /** By metric key such as `ndcg_binary@10`, one value per user; NaN where not defined. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

export interface ScoreTable {
  /** `values` in the order of the table's keys; null where not defined. */
  addUser(userId: string, values: readonly (number | null)[]): void;
  finish(): UserScores;
}

/** Collects rows in any order; throws for a user that comes twice. */
export function createScoreTable(keys: readonly string[]): ScoreTable {
  const seen = new Map<string, number>();
  const rows = keys.map(() => growingColumn());
  return {
    addUser(userId, values) {
      if (seen.has(userId)) throw new Error(`user ${userId} came twice`);
      seen.set(userId, seen.size);
      for (const [i, column] of rows.entries()) column.push(values[i] ?? NaN);
    },
    finish() {
      const users = [...seen.keys()].sort();
      const order = users.map((user) => seen.get(user) ?? 0);
      const columns = new Map<string, Float64Array>();
      for (const [i, key] of keys.entries()) {
        const values = rows[i]?.values() ?? new Float64Array();
        columns.set(
          key,
          Float64Array.from(order, (row) => values[row] ?? NaN),
        );
      }
      return { users, columns };
    },
  };
}

/** The defined values of a column, of all users or of those at `positions`. */
export function definedValues(
  column: Float64Array | undefined,
  positions?: readonly number[],
): Float64Array {
  if (column === undefined) return new Float64Array();
  const chosen =
    positions === undefined
      ? column
      : Float64Array.from(positions, (at) => column[at] ?? NaN);
  return chosen.filter((value) => !Number.isNaN(value));
}

function growingColumn() {
  let buffer = new Float64Array(1024);
  let length = 0;
  return {
    push(value: number): void {
      if (length === buffer.length) {
        const larger = new Float64Array(length * 2);
        larger.set(buffer);
        buffer = larger;
      }
      buffer[length++] = value;
    },
    values: (): Float64Array => buffer.subarray(0, length),
  };
}

import { canonicalOrder } from "./canonical-order.ts";
import type { Interactions } from "./interactions.ts";

/** A sparse matrix as compressed rows; columns ascend within a row. */
export interface SparseRows {
  readonly columnCount: number;
  /** Row i is `[offsets[i], offsets[i + 1])`. */
  readonly offsets: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Gathers entries row after row; the same column of a row given twice is summed in the order given. */
export function createRowBuilder(columnCount: number) {
  const sums = new Float64Array(columnCount);
  const seen = new Uint8Array(columnCount);
  const offsets: number[] = [0];
  const columns: number[] = [];
  const values: number[] = [];
  let open: number[] = [];
  return {
    add(column: number, value: number): void {
      if (seen[column] === 0) {
        seen[column] = 1;
        sums[column] = 0;
        open.push(column);
      }
      sums[column] = (sums[column] ?? 0) + value;
    },
    /** Ends the row; `keep` decides by the sum which entries stay. */
    endRow(keep: (sum: number) => boolean): void {
      open.sort((a, b) => a - b);
      for (const column of open) {
        seen[column] = 0;
        const sum = sums[column] ?? 0;
        if (!keep(sum)) continue;
        columns.push(column);
        values.push(sum);
      }
      open = [];
      offsets.push(columns.length);
    },
    build(): SparseRows {
      return {
        columnCount,
        offsets: Int32Array.from(offsets),
        columns: Int32Array.from(columns),
        values: Float64Array.from(values),
      };
    },
  };
}

/**
 * Person × item with the summed weight of the pair, positive sums only: what
 * a person disliked as much as liked says nothing. Guests are left out, for
 * nothing joins their visits; rows are people in canonical order.
 */
export function personRows(interactions: Interactions): SparseRows {
  const { user, item, weight, person, items } = canonicalOrder(interactions);
  const builder = createRowBuilder(items.length);
  for (let row = 0; row < user.length; row++) {
    if (person[user[row] ?? 0] !== 1) continue;
    builder.add(item[row] ?? 0, weight[row] ?? 0);
    if (user[row + 1] !== user[row]) builder.endRow((sum) => sum > 0);
  }
  return builder.build();
}

/** Columns become rows; entries keep the order of the rows they come from. */
export function transpose(matrix: SparseRows): SparseRows {
  const { offsets, columns, values } = matrix;
  const starts = new Int32Array(matrix.columnCount + 1);
  for (const column of columns) {
    starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  }
  for (let i = 0; i < matrix.columnCount; i++) {
    starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  }
  const next = starts.slice();
  const rows = new Int32Array(columns.length);
  const moved = new Float64Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const end = offsets[row + 1] ?? 0;
    for (let entry = offsets[row] ?? 0; entry < end; entry++) {
      const column = columns[entry] ?? 0;
      const at = next[column] ?? 0;
      rows[at] = row;
      moved[at] = values[entry] ?? 0;
      next[column] = at + 1;
    }
  }
  return {
    columnCount: offsets.length - 1,
    offsets: starts,
    columns: rows,
    values: moved,
  };
}

import { transpose, type SparseRows } from "./sparse-rows.ts";

/** Calls `visit` with every item that shares a unit with `item` (the item itself too) and the sum over shared units of the product of their values. */
export type CoOccurrence = (
  item: number,
  visit: (other: number, sum: number) => void,
) => void;

/**
 * Row by row of XᵀX for units × items X, one row in memory at a time. Units
 * are added in their order, so the same units give the same sums bit for bit.
 */
export function coOccurrence(units: SparseRows): CoOccurrence {
  const byItem = transpose(units);
  const sums = new Float64Array(units.columnCount);
  const touched = new Int32Array(units.columnCount);
  return (item, visit) => {
    let count = 0;
    const end = byItem.offsets[item + 1] ?? 0;
    for (let at = byItem.offsets[item] ?? 0; at < end; at++) {
      const unit = byItem.columns[at] ?? 0;
      const value = byItem.values[at] ?? 0;
      const last = units.offsets[unit + 1] ?? 0;
      for (let entry = units.offsets[unit] ?? 0; entry < last; entry++) {
        const other = units.columns[entry] ?? 0;
        const sum = sums[other] ?? 0;
        if (sum === 0) touched[count++] = other;
        sums[other] = sum + value * (units.values[entry] ?? 0);
      }
    }
    for (let i = 0; i < count; i++) {
      const other = touched[i] ?? 0;
      visit(other, sums[other] ?? 0);
      sums[other] = 0;
    }
  };
}

/** Sum of squares of each column: what an item shares with itself. */
export function squaredNorms(units: SparseRows): Float64Array {
  const norms = new Float64Array(units.columnCount);
  units.columns.forEach((item, entry) => {
    const value = units.values[entry] ?? 0;
    norms[item] = (norms[item] ?? 0) + value * value;
  });
  return norms;
}

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
    const end = byItem.offsets[item + 1] as number;
    for (let at = byItem.offsets[item] as number; at < end; at++) {
      const unit = byItem.columns[at] as number;
      const value = byItem.values[at] as number;
      const last = units.offsets[unit + 1] as number;
      for (let entry = units.offsets[unit] as number; entry < last; entry++) {
        const other = units.columns[entry] as number;
        const sum = sums[other] as number;
        if (sum === 0) touched[count++] = other;
        sums[other] = sum + value * (units.values[entry] as number);
      }
    }
    for (let i = 0; i < count; i++) {
      const other = touched[i] as number;
      visit(other, sums[other] as number);
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

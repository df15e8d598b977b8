/** How often each item was seen and what people did then; whole numbers, by item. */
export interface ItemCounts {
  /** Sorted by `<`. */
  readonly items: readonly string[];
  /** Confirmed exposures where there are any at all, else views. */
  readonly shown: Float64Array;
  /** What followed from being shown. */
  readonly clicks: Float64Array;
  readonly purchases: Float64Array;
  /** Hides and dislikes. */
  readonly hides: Float64Array;
  /** All purchases, and how many of them came back. */
  readonly bought: Float64Array;
  readonly returned: Float64Array;
}

/** Throws an Error that names the first column or row that is not as it should be. */
export function checkItemCounts(counts: ItemCounts): void {
  const { items, ...columns } = counts;
  items.forEach((id, row) => {
    const before = items[row - 1];
    if (before !== undefined && !(before < id)) {
      throw new Error(`row ${row}: ${id} does not come after ${before}`);
    }
  });
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== items.length) {
      throw new Error(
        `column ${name} has ${column.length} rows, items has ${items.length}`,
      );
    }
    const row = column.findIndex((value) => !(value >= 0 && value < Infinity));
    if (row >= 0) throw new Error(`row ${row}: ${name} is no count`);
  }
}

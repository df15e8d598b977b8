/**
 * Compiled code reads where a column says, so a column out of range would read
 * other numbers or none. Throws a RangeError that names the first fault.
 */
export function requireEntries(
  rows: { readonly offsets: Int32Array; readonly columns: Int32Array },
  columnCount: number,
): void {
  const { offsets, columns } = rows;
  let before = 0;
  for (let row = 0; row < offsets.length; row++) {
    const offset = offsets[row] ?? 0;
    if (offset < before || offset > columns.length) {
      throw new RangeError(
        `offset ${row} is ${offset}: offsets must ascend from 0 to ${columns.length}`,
      );
    }
    before = offset;
  }
  for (let entry = 0; entry < before; entry++) {
    const column = columns[entry] ?? 0;
    if (column < 0 || column >= columnCount) {
      throw new RangeError(
        `column ${column} of entry ${entry} is not from 0 to ${columnCount - 1}`,
      );
    }
  }
}

/** Sums of entries must grow, or a sum of zero would pass for none. */
export function requireValues(values: Float32Array | undefined): void {
  values?.forEach((value, entry) => {
    if (!(value >= SMALLEST && value <= LARGEST)) {
      throw new RangeError(
        `value ${value} of entry ${entry} is not from ${SMALLEST} to ${LARGEST}`,
      );
    }
  });
}

/** Their products stay above what a 32-bit float rounds to zero and below infinity. */
const SMALLEST = 1e-18;
const LARGEST = 1e15;

/** The number of rows. Throws a RangeError where they are not whole or hold a number that is not finite. */
export function requireRows(rows: Float32Array, d: number): number {
  if (!Number.isInteger(d) || d < 1 || rows.length % d !== 0) {
    throw new RangeError(`${rows.length} numbers are not rows of ${d}`);
  }
  const fault = rows.findIndex((x) => !Number.isFinite(x));
  if (fault >= 0) {
    throw new RangeError(
      `row ${Math.floor(fault / d)} holds ${rows[fault] ?? 0}: finite numbers are needed`,
    );
  }
  return rows.length / d;
}

/** Throws a RangeError where the query is of another length or holds a number that is not finite. */
export function requireQuery(query: Float32Array, d: number): void {
  if (query.length !== d || !query.every(Number.isFinite)) {
    throw new RangeError(`a query of ${d} finite numbers is needed`);
  }
}

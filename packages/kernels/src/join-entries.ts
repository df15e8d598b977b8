import type { ScoredEntries } from "@recsys/contracts";

/** The rows of all parts, one after the other. Throws a RangeError where a 32-bit offset does not reach. */
export function joinEntries(parts: readonly ScoredEntries[]): ScoredEntries {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const rows = sum(parts.map((part) => part.offsets.length - 1));
  const entries = sum(parts.map((part) => part.positions.length));
  if (entries > 2 ** 31 - 1) {
    throw new RangeError(
      `${entries} entries are more than a 32-bit offset reaches: use fewer per row`,
    );
  }
  const offsets = new Int32Array(rows + 1);
  const positions = new Int32Array(entries);
  const scores = new Float32Array(entries);
  let row = 0;
  let entry = 0;
  for (const part of parts) {
    const start = entry;
    part.offsets.forEach((offset, i) => {
      offsets[row + i] = start + offset;
    });
    positions.set(part.positions, entry);
    scores.set(part.scores, entry);
    row += part.offsets.length - 1;
    entry += part.positions.length;
  }
  return { offsets, positions, scores };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

import type { PairSearch, ScoredEntries, SparsePair } from "@recsys/contracts";
import { joinEntries } from "../join-entries.ts";
import { requireEntries, requireValues } from "../require-entries.ts";
import { at } from "./dense.ts";
import { topK } from "./top-k.ts";

/** Sums in single precision as the compiled kernels have them, one row at a time. */
function eachRow(
  pair: SparsePair,
  visit: (row: number, sums: Float32Array) => void,
): void {
  const { left, right, columnCount } = pair;
  requireEntries(left, right.offsets.length - 1);
  requireEntries(right, columnCount);
  requireValues(left.values);
  requireValues(right.values);
  const sums = new Float32Array(columnCount);
  for (let row = 0; row + 1 < left.offsets.length; row++) {
    sums.fill(0);
    const end = left.offsets[row + 1] ?? 0;
    for (let entry = left.offsets[row] ?? 0; entry < end; entry++) {
      const unit = left.columns[entry] ?? 0;
      const value = left.values?.[entry] ?? 1;
      const last = right.offsets[unit + 1] ?? 0;
      for (let other = right.offsets[unit] ?? 0; other < last; other++) {
        const column = right.columns[other] ?? 0;
        sums[column] =
          at(sums, column) + Math.fround(value * (right.values?.[other] ?? 1));
      }
    }
    visit(row, sums);
  }
}

export function sparseProduct(pair: SparsePair): Float32Array {
  const rows = pair.left.offsets.length - 1;
  const whole = new Float32Array(rows * pair.columnCount);
  eachRow(pair, (row, sums) => {
    whole.set(sums, row * pair.columnCount);
  });
  return whole;
}

export function bestPairs(search: PairSearch): ScoredEntries {
  const { rowTerms, columnTerms, overlap, shrink, skipDiagonal } = search;
  const scores = new Float32Array(search.columnCount);
  const parts: ScoredEntries[] = [];
  eachRow(search, (row, sums) => {
    const chance = at(rowTerms, row * 3);
    const norm = at(rowTerms, row * 3 + 1);
    const add = at(rowTerms, row * 3 + 2) + shrink;
    sums.forEach((sum, column) => {
      const cleared = sum - chance * at(columnTerms, column * 3);
      const score =
        cleared /
        (norm * at(columnTerms, column * 3 + 1) +
          at(columnTerms, column * 3 + 2) +
          add -
          overlap * sum);
      const isOut = sum === 0 || (skipDiagonal && column === row);
      scores[column] = !isOut && score > 0 ? score : NaN;
    });
    const positions = topK(scores, search.k);
    parts.push({
      offsets: Int32Array.of(0, positions.length),
      positions,
      scores: Float32Array.from(positions, (column) => at(scores, column)),
    });
  });
  return joinEntries(parts);
}

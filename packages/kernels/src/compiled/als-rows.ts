import type { AlsRows } from "@recsys/contracts";
import { requireEntries } from "../require-entries.ts";
import { padded, paddedRows, unpad, type Machine } from "./dense.ts";

/** Rows of one call of the compiled kernel. */
const CHUNK = 256;

/** Conjugate gradient on all threads; rows are independent, so the split changes nothing. */
export function alsRows({ arena, pool }: Machine, task: AlsRows): void {
  const { offsets, dimension: d, from, to, solution, fixed } = task;
  if (d === 0 || to <= from) return;
  const columnCount = Math.floor(fixed.length / d);
  requireEntries(task, columnCount);
  const wide = padded(d);
  const shape = { count: Math.floor(solution.length / d), d, wide };
  arena.lend((room) => {
    const fixedHere = paddedRows(room, fixed, {
      ...shape,
      count: columnCount,
    });
    const solutionHere = paddedRows(room, solution, shape);
    const spectrum = room.f32(wide);
    task.spectrum.forEach((x, j) => {
      spectrum[j] = x * task.alpha0;
    });
    pool.run({
      kernel: "alsRows",
      chunks: Math.ceil((to - from) / CHUNK),
      words: [
        room.here(offsets).byteOffset,
        room.here(task.columns).byteOffset,
        room.here(task.weights).byteOffset,
        fixedHere.byteOffset,
        spectrum.byteOffset,
        solutionHere.byteOffset,
        room.here(task.regularisation).byteOffset,
        wide * 4,
        from,
        to,
        task.steps,
      ],
      scratchBytes: 3 * wide * 4,
    });
    unpad(solutionHere, solution, shape);
  });
}

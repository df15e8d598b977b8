import { addCandidate } from "../pool.ts";
import type { Stage, Work } from "../work.ts";

export const merge: Stage = {
  name: "merge",
  does: "The same item from several sources becomes one candidate that remembers all of them.",
  reasons: { duplicate: "was offered by another source as well" },
  run(work) {
    const offered = addOffers(work);
    work.alive = new Int32Array(work.pool.count);
    for (let i = 0; i < work.alive.length; i++) work.alive[i] = i;
    work.stage.in = offered;
    const duplicates = offered - work.pool.count;
    if (duplicates > 0) work.stage.removed = { duplicate: duplicates };
  },
};

/** Puts what the sources offer into the pool and returns how many offers there were. */
export function addOffers(work: Work): number {
  let offered = 0;
  for (const { bit, offer } of work.active) {
    const { positions } = offer;
    offered += positions.length;
    for (const position of positions) {
      const candidate = addCandidate(work.pool, position);
      const { offeredBy } = work.pool.columns;
      offeredBy[candidate] = (offeredBy[candidate] ?? 0) | bit;
    }
  }
  return offered;
}

import { explore } from "./explore.ts";
import { remove, type Stage } from "../work.ts";

export const slots: Stage = {
  name: "slots",
  does: "Pinned items take their positions, items on trial draw theirs, the others follow in order; what is left over is below the cut.",
  reasons: { below_cut: "scored below the last item of the list" },
  run(work) {
    const { k } = work.request;
    const places = new Int32Array(k).fill(-1);
    const isPlaced = new Set<number>();
    for (const { candidate, position } of work.placements) {
      places[position - 1] = candidate;
      isPlaced.add(candidate);
    }
    work.explored = explore(work, places);
    for (const { candidate, position } of work.explored) {
      places[position - 1] = candidate;
      isPlaced.add(candidate);
    }
    let place = 0;
    const kept: number[] = [];
    for (const candidate of work.alive) {
      if (isPlaced.has(candidate)) {
        kept.push(candidate);
        continue;
      }
      while (place < k && places[place] !== -1) place++;
      if (place === k) remove(work, candidate, "below_cut");
      else {
        places[place] = candidate;
        kept.push(candidate);
      }
    }
    work.places = places;
    work.alive = Int32Array.from(kept);
  },
};

import { remove, type Stage, type Work } from "../work.ts";

export const slots: Stage = {
  name: "slots",
  does: "Pinned items take their positions, the others follow in order; what is left over is below the cut.",
  reasons: { below_cut: "scored below the last item of the list" },
  run(work) {
    const { k } = work.request;
    const places = new Int32Array(k).fill(-1);
    const isPlaced = placePins(work, places);
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

/** A pin whose place is taken by one of higher precedence takes the next free one. */
function placePins(work: Work, places: Int32Array): Set<number> {
  const isPlaced = new Set<number>();
  for (const { candidate, position, ruleId } of work.placements) {
    let place = position - 1;
    while (place < places.length && places[place] !== -1) place++;
    if (place < places.length) {
      places[place] = candidate;
      isPlaced.add(candidate);
    } else {
      work.warnings.push({
        code: "PIN_NOT_PLACED",
        detail: `rule ${ruleId} has no free place at or after position ${position}`,
      });
    }
  }
  return isPlaced;
}

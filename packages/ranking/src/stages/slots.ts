import { liftFloors } from "../floors/floors.ts";
import { explore } from "./explore.ts";
import { remove, type Stage } from "../work.ts";

export const slots: Stage = {
  name: "slots",
  does: "Pinned items take their positions, items on trial draw theirs, the others follow in order; exposure floors lift their best into the lowest places; what is left over is below the cut.",
  reasons: {
    below_cut: "scored below the last item of the list",
    floor: "gave its place to an exposure floor",
  },
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
    const rest: number[] = [];
    for (const candidate of work.alive) {
      if (isPlaced.has(candidate)) continue;
      while (place < k && places[place] !== -1) place++;
      if (place === k) rest.push(candidate);
      else places[place] = candidate;
    }
    const before = work.pool.count;
    const lifted = liftFloors(work, places, rest);
    for (let added = before; added < work.pool.count; added++) rest.push(added);
    for (const candidate of rest) {
      if (lifted?.has(candidate) !== true) remove(work, candidate, "below_cut");
    }
    work.places = places;
    work.alive = places.filter((candidate) => candidate >= 0);
  },
};

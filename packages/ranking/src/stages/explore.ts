import { DEFAULT_EXPLORATION, slotBandit } from "@recsys/contracts";
import { choose } from "../bandits/choose.ts";
import { contextOf } from "../bandits/context.ts";
import { drawFor } from "../bandits/draw.ts";
import { banditKind } from "../bandits/index.ts";
import { createCaps, type Caps } from "../caps.ts";
import { compareIds } from "../catalogue.ts";
import type { ColdItems } from "../cold-items.ts";
import type { Explored, Work } from "../work.ts";

/**
 * Gives the exploration slots that are still open to items on trial. Who may
 * be drawn: candidates that passed eligibility, would not be in the list
 * anyway, and break no cap beside those that are. Each draw is without the
 * items drawn before it, so a propensity is that given the earlier ones.
 */
export function explore(work: Work, places: Int32Array): Explored[] {
  const { cold } = work;
  if (cold === null) return [];
  const open = openPlaces(work, places);
  if (open.length === 0) return [];
  const isPlaced = new Set(places);
  const ordinary = Array.from(work.alive).filter((each) => !isPlaced.has(each));
  const free = places.filter((candidate) => candidate === -1).length;
  for (let count = open.length; count > 0; count--) {
    const listed = ordinary.slice(0, free - count);
    const caps = createCaps(work);
    for (const candidate of [...places, ...listed]) {
      if (candidate >= 0) caps.add(positionOf(work, candidate));
    }
    const eligible = ordinary
      .slice(listed.length)
      .filter((candidate) => mayTake(work, { candidate, cold, caps }));
    if (eligible.length < count) continue;
    return drawAll(work, { cold, caps, eligible, open: open.slice(0, count) });
  }
  return [];
}

/** 1-based places from the first on that no pin has taken, as many as the slots and their share of the list allow. */
function openPlaces({ knobs, request }: Work, places: Int32Array): number[] {
  const share = knobs.number("slots.exploration_max_share");
  const most = Math.min(
    knobs.number("slots.exploration"),
    Math.floor(share * request.k + 1e-9),
  );
  const open: number[] = [];
  let position = knobs.number("exploration.first_position");
  for (; position <= request.k && open.length < most; position++) {
    if (places[position - 1] === -1) open.push(position);
  }
  return open;
}

function positionOf(work: Work, candidate: number): number {
  return work.pool.columns.position[candidate] ?? 0;
}

function mayTake(
  work: Work,
  {
    candidate,
    cold,
    caps,
  }: {
    readonly candidate: number;
    readonly cold: ColdItems;
    readonly caps: Caps;
  },
): boolean {
  const position = positionOf(work, candidate);
  return cold.isCold(position) && caps.broken(position) === null;
}

function drawAll(
  work: Work,
  from: {
    readonly cold: ColdItems;
    readonly caps: Caps;
    readonly eligible: readonly number[];
    readonly open: readonly number[];
  },
): Explored[] {
  const { cold, caps } = from;
  const { snapshot, knobs, request } = work;
  const policy = snapshot.config.exploration ?? DEFAULT_EXPLORATION;
  const { ids } = snapshot.catalogue;
  const context = contextOf(policy.features, snapshot.expressions, work.facts);
  const explored: Explored[] = [];
  let eligible = [...from.eligible].sort((a, b) =>
    compareIds(ids, positionOf(work, a), positionOf(work, b)),
  );
  for (const [slot, position] of from.open.entries()) {
    if (eligible.length === 0) break;
    const { at, propensity, ...exploration } = choose({
      policy: banditKind(knobs.choice("exploration.policy")),
      arms: eligible.map((each) => cold.statsOf(positionOf(work, each))),
      epsilon: knobs.number("exploration.epsilon"),
      context,
      draw: drawFor(`${slotBandit(request.surface)}:${slot}`, policy, work),
    });
    const candidate = eligible[at];
    if (candidate === undefined) break;
    explored.push({ candidate, position, propensity, exploration });
    caps.add(positionOf(work, candidate));
    eligible = eligible.filter(
      (each) =>
        each !== candidate && mayTake(work, { candidate: each, cold, caps }),
    );
  }
  return explored;
}

import { DAY_MS, hashSeed, slotBandit, type ArmStats } from "@recsys/contracts";
import { armOf } from "./bandits/memory.ts";
import { ITEM_STATE } from "./catalogue-columns.ts";
import type { Knobs } from "./knob-reader.ts";
import { keepLargest } from "./select.ts";
import type { Snapshot } from "./snapshot.ts";

/** The items of a surface that are on trial: new ones, and those that nobody has chosen yet, until they had their trials. */
export interface ColdItems {
  isCold(position: number): boolean;
  /** Created within the window. */
  isNew(position: number): boolean;
  /** 1 without trials, 0 for an item that is not on trial. */
  readonly need: (position: number) => number;
  /** Up to `limit` of those that are on sale: another part of them for each draw. */
  take(limit: number): Int32Array;
  statsOf(position: number): ArmStats;
}

interface ColdFacts {
  readonly snapshot: Snapshot;
  readonly surface: string;
  readonly knobs: Knobs;
  readonly now: number;
  /** A number in [0, 1) that decides whose turn it is. */
  readonly draw: () => number;
}

/** Null where nothing is explored and nothing scores it: then it costs nothing. */
export function findCold(facts: ColdFacts): ColdItems | null {
  const { snapshot, surface, knobs, now } = facts;
  const isOn =
    knobs.number("slots.exploration") > 0 ||
    knobs.number("exploration.weight") > 0;
  if (!isOn) return null;
  const { catalogue, bound, memory } = snapshot;
  const { createdAt } = catalogue.columns;
  const since = now - knobs.number("exploration.window_days") * DAY_MS;
  const most = knobs.number("exploration.max_trials");
  const chosen = bound.popularity?.toArtifact;
  const bandit = slotBandit(surface);
  const tried = memory.get(bandit);
  const statsOf = (position: number) =>
    armOf(memory, bandit, catalogue.ids[position] ?? "");
  const isNew = (position: number) => (createdAt[position] ?? NaN) >= since;
  const mayBeCold = (position: number): boolean =>
    isNew(position) || chosen === undefined || (chosen[position] ?? -1) < 0;
  const isCold = (position: number): boolean =>
    mayBeCold(position) &&
    (tried === undefined || statsOf(position).trials < most);
  return {
    isCold,
    isNew,
    statsOf,
    need: (position) =>
      isCold(position) ? 1 - statsOf(position).trials / most : 0,
    take: (limit) => takeSome(facts, { mayBeCold, isCold, isNew, limit }),
  };
}

/**
 * Those with the largest of numbers that are drawn anew for each item and
 * draw; new items have half of the room while there are enough of them, so
 * that a long tail that nobody ever chose does not keep them waiting. The look
 * at each item is linear in the catalogue, memory in the items on trial.
 */
function takeSome(
  { snapshot: { catalogue }, draw }: ColdFacts,
  from: {
    readonly mayBeCold: (position: number) => boolean;
    readonly isCold: (position: number) => boolean;
    readonly isNew: (position: number) => boolean;
    readonly limit: number;
  },
): Int32Array {
  if (from.limit === 0) return new Int32Array(0);
  const { ids, columns, size } = catalogue;
  const seeds = seedsOf(ids, size);
  const turn = Math.floor(draw() * 2 ** 32);
  const fresh: number[] = [];
  const old: number[] = [];
  for (let position = 0; position < size; position++) {
    if (((columns.state[position] ?? 0) & SALE_BITS) !== ON_SALE) continue;
    if (!from.mayBeCold(position) || !from.isCold(position)) continue;
    (from.isNew(position) ? fresh : old).push(position);
  }
  const spin = (positions: readonly number[], limit: number): Int32Array => {
    const values = Float64Array.from(positions, (position) =>
      mix((seeds[position] ?? 0) ^ turn),
    );
    const room = new Float64Array(values.length);
    const list = { positions: Int32Array.from(positions), values, room };
    const kept = keepLargest(list, values.length, { limit, ids });
    return list.positions.slice(0, kept);
  };
  const forOld = Math.min(old.length, Math.floor(from.limit / 2));
  const freshOnes = spin(fresh, from.limit - forOld);
  const oldOnes = spin(old, from.limit - freshOnes.length);
  const taken = new Int32Array(freshOnes.length + oldOnes.length);
  taken.set(freshOnes);
  taken.set(oldOnes, freshOnes.length);
  return taken;
}

const ON_SALE = ITEM_STATE.exists | ITEM_STATE.available;
const SALE_BITS = ON_SALE | ITEM_STATE.soldOut;

/** The finish of murmur3: every bit of the input moves half of the output. */
function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Seeds by position; all revisions of a catalogue share the list of ids, and with it this. */
const SEEDS = new WeakMap<readonly string[], Int32Array>();

function seedsOf(ids: readonly string[], size: number): Int32Array {
  const known = SEEDS.get(ids);
  if (known !== undefined && known.length >= size) return known;
  const seeds = new Int32Array(ids.length);
  if (known !== undefined) seeds.set(known);
  const from = known?.length ?? 0;
  for (let position = from; position < seeds.length; position++) {
    seeds[position] = hashSeed(`trial:${ids[position] ?? ""}`);
  }
  SEEDS.set(ids, seeds);
  return seeds;
}

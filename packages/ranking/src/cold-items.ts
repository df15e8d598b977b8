import { DAY_MS, hashUnit, slotBandit, type ArmStats } from "@recsys/contracts";
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
  /** A number in [0, 1) that turns the wheel. */
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
    take: (limit) => takeSome(facts, { mayBeCold, isCold, limit }),
  };
}

/** The next ones around a wheel on which every item has its place by hash: linear in the catalogue, a fraction of a millisecond for 100,000 items. */
function takeSome(
  { snapshot: { catalogue }, draw }: ColdFacts,
  from: {
    readonly mayBeCold: (position: number) => boolean;
    readonly isCold: (position: number) => boolean;
    readonly limit: number;
  },
): Int32Array {
  if (from.limit === 0) return new Int32Array(0);
  const { ids, columns, size } = catalogue;
  const places = wheelOf(ids, size);
  const start = draw();
  const positions = new Int32Array(size);
  const values = new Float64Array(size);
  let count = 0;
  for (let position = 0; position < size; position++) {
    if (((columns.state[position] ?? 0) & SALE_BITS) !== ON_SALE) continue;
    if (!from.mayBeCold(position) || !from.isCold(position)) continue;
    const ahead = (places[position] ?? 0) - start;
    positions[count] = position;
    values[count++] = ahead < 0 ? -(ahead + 1) : -ahead;
  }
  const room = new Float64Array(count);
  const cut = { limit: from.limit, ids };
  const kept = keepLargest({ positions, values, room }, count, cut);
  return positions.slice(0, kept);
}

const ON_SALE = ITEM_STATE.exists | ITEM_STATE.available;
const SALE_BITS = ON_SALE | ITEM_STATE.soldOut;

/** Places on the wheel by position; all revisions of a catalogue share the list of ids, and with it this. */
const WHEELS = new WeakMap<readonly string[], Float64Array>();

function wheelOf(ids: readonly string[], size: number): Float64Array {
  const known = WHEELS.get(ids);
  if (known !== undefined && known.length >= size) return known;
  const wheel = new Float64Array(Math.ceil(size * 1.1));
  if (known !== undefined) wheel.set(known);
  const from = known?.length ?? 0;
  for (let position = from; position < wheel.length; position++) {
    const id = ids[position];
    if (id === undefined) return remember(ids, wheel.slice(0, position));
    wheel[position] = hashUnit(`wheel:${id}`);
  }
  return remember(ids, wheel);
}

function remember(ids: readonly string[], wheel: Float64Array): Float64Array {
  WHEELS.set(ids, wheel);
  return wheel;
}

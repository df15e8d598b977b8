import type { Item, StarterProfile } from "@recsys/contracts";
import { compareIds, type Catalogue } from "./catalogue.ts";

/** The items of a starter profile. */
export interface Starters {
  /** Part by part of the profile in turn, the heaviest first; within a part the newest first. */
  readonly order: Int32Array;
  /** 1 − Π (1 − weight) over the parts that an item belongs to. */
  readonly weightOf: (position: number) => number;
}

/** More items than this no source is asked for. */
const MOST_STARTERS = 2000;

const REMEMBERED = new WeakMap<Catalogue, Map<StarterProfile, Starters>>();

/** Found once for each catalogue: linear in its items. */
export function startersOf(
  profile: StarterProfile,
  catalogue: Catalogue,
): Starters {
  const known =
    REMEMBERED.get(catalogue) ?? new Map<StarterProfile, Starters>();
  REMEMBERED.set(catalogue, known);
  const found = known.get(profile) ?? findStarters(profile, catalogue);
  known.set(profile, found);
  return found;
}

interface Part {
  readonly name: string;
  readonly weight: number;
  readonly members: number[];
}

function findStarters(profile: StarterProfile, catalogue: Catalogue): Starters {
  const parts = partsOf(profile);
  const weights = new Float64Array(catalogue.size);
  for (let position = 0; position < catalogue.size; position++) {
    const item = catalogue.items[position] ?? null;
    if (item === null) continue;
    let rest = 1;
    for (const key of keysOf(item)) {
      const part = parts.get(key);
      if (part === undefined) continue;
      part.members.push(position);
      rest *= 1 - part.weight;
    }
    weights[position] = 1 - rest;
  }
  const sorted = [...parts.values()].sort(
    (a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1),
  );
  for (const { members } of sorted) members.sort(newestFirst(catalogue));
  return {
    order: inTurn(sorted.map(({ members }) => members)),
    weightOf: (position) => weights[position] ?? 0,
  };
}

function partsOf(profile: StarterProfile): Map<string, Part> {
  const parts = new Map<string, Part>();
  const kinds = ["categories", "tags", "brands", "item_ids"] as const;
  for (const kind of kinds) {
    for (const [word, weight] of Object.entries(profile[kind] ?? {})) {
      const name = `${kind} ${word}`;
      parts.set(name, { name, weight, members: [] });
    }
  }
  return parts;
}

/** In one order for all items, because a product of numbers hangs on it. */
function keysOf({ item_id, brand, tags, category }: Item): string[] {
  return [
    `item_ids ${item_id}`,
    ...(brand === undefined ? [] : [`brands ${brand}`]),
    ...[...new Set(tags)].sort().map((tag) => `tags ${tag}`),
    ...[...new Set(category)].sort().map((level) => `categories ${level}`),
  ];
}

function newestFirst({ columns: { createdAt }, ids }: Catalogue) {
  const timeOf = (position: number): number => {
    const time = createdAt[position] ?? NaN;
    return Number.isNaN(time) ? -Infinity : time;
  };
  return (a: number, b: number): number => {
    const [older, newer] = [timeOf(a), timeOf(b)];
    return older === newer ? compareIds(ids, a, b) : newer - older;
  };
}

/** One of each list after the other, each item once. */
function inTurn(lists: readonly (readonly number[])[]): Int32Array {
  const order = new Set<number>();
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let i = 0; i < longest && order.size < MOST_STARTERS; i++) {
    for (const list of lists) {
      const position = list[i];
      if (position !== undefined) order.add(position);
    }
  }
  return Int32Array.from(order);
}

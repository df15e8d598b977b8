import type { SparseEntries } from "@recsys/contracts";
import { boundRows } from "../bound-rows.ts";
import type { Interactions } from "../interactions.ts";
import { personRows, transpose } from "../sparse-rows.ts";

/** Who had what, both ways round; a pair counts once, however often it happened. */
export interface Histories {
  readonly ids: readonly string[];
  readonly people: SparseEntries;
  readonly items: SparseEntries;
  /** Items of each person. */
  readonly itemsOf: Float64Array;
  /** People of each item. */
  readonly peopleOf: Float64Array;
}

export const HISTORY_LIMIT = {
  max_items_per_user: {
    default: 1000,
    minimum: 2,
    maximum: 100000,
    integer: true,
    unit: "items",
    description: "Of people with more, the strongest are used.",
  },
} as const;

/** Persons' pairs in canonical order; guests and pairs whose summed weight is not positive are left out. */
export function historiesOf(
  interactions: Interactions,
  maxItemsPerUser: number,
): Histories {
  const ids = interactions.items;
  const people = boundRows(personRows(interactions), maxItemsPerUser, ids);
  const items = transpose(people);
  return {
    ids,
    people: { offsets: people.offsets, columns: people.columns },
    items: { offsets: items.offsets, columns: items.columns },
    itemsOf: lengths(people.offsets),
    peopleOf: lengths(items.offsets),
  };
}

function lengths(offsets: Int32Array): Float64Array {
  return Float64Array.from(
    { length: offsets.length - 1 },
    (_, row) => (offsets[row + 1] ?? 0) - (offsets[row] ?? 0),
  );
}

/** The items' rows with each person's vote as the value. */
export function withVotes(
  items: SparseEntries,
  votes: Float64Array,
): Required<SparseEntries> {
  return {
    offsets: items.offsets,
    columns: items.columns,
    values: Float32Array.from(items.columns, (person) => votes[person] ?? 0),
  };
}

/** Three numbers per item from one function: chance, norm, add. */
export function itemTerms(
  peopleOf: Float64Array,
  terms: (people: number) => readonly [number, number, number],
): Float32Array {
  const all = new Float32Array(peopleOf.length * 3);
  peopleOf.forEach((people, item) => {
    all.set(terms(people), item * 3);
  });
  return all;
}

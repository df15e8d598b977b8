import type { ShownList } from "@recsys/contracts";

/** Lists of a person that are kept at most, and items in them; the newest stay. */
export const MOST_LISTS = 50;
const MOST_ITEMS = 500;

/** Items in all lists together: an item is a reference to text that the catalogue holds anyway. */
const MOST_IN_MEMORY = 2_000_000;

/**
 * What this process showed to people a short while ago: the next list of a
 * person knows it before the decision is shipped. Who was not seen for longest
 * goes first.
 */
export class ShownLists {
  readonly #limit: number;
  readonly #people = new Map<string, readonly ShownList[]>();
  #items = 0;

  constructor(limit = MOST_IN_MEMORY) {
    this.#limit = limit;
  }

  remember(person: Person, list: ShownList): void {
    const key = keyOf(person);
    const lists = newestLists([list, ...this.#take(key)]);
    this.#people.set(key, lists);
    this.#items += sizeOf(lists);
    for (const oldest of this.#people.keys()) {
      if (this.#items <= this.#limit) break;
      this.#take(oldest);
    }
  }

  find(person: Person): readonly ShownList[] {
    return this.#people.get(keyOf(person)) ?? [];
  }

  /** Forgets these people, or everybody in the namespace. */
  forget(
    tenant: string,
    namespace: string,
    pseudonyms: readonly string[] | null,
  ): void {
    const people =
      pseudonyms?.map((pseudonym) => keyOf({ tenant, namespace, pseudonym })) ??
      [...this.#people.keys()].filter((key) =>
        key.startsWith(keyOf({ tenant, namespace, pseudonym: "" })),
      );
    for (const key of people) this.#take(key);
  }

  clear(): void {
    this.#people.clear();
    this.#items = 0;
  }

  #take(key: string): readonly ShownList[] {
    const lists = this.#people.get(key);
    if (lists === undefined) return [];
    this.#people.delete(key);
    this.#items -= sizeOf(lists);
    return lists;
  }
}

interface Person {
  readonly tenant: string;
  readonly namespace: string;
  readonly pseudonym: string;
}

function keyOf({ tenant, namespace, pseudonym }: Person): string {
  return `${tenant}/${namespace}/${pseudonym}`;
}

function sizeOf(lists: readonly ShownList[]): number {
  return lists.reduce((sum, { item_ids: ids }) => sum + ids.length, 0);
}

/** Each list once (the first of its name), newest first, as many as are kept. */
export function newestLists(lists: readonly ShownList[]): ShownList[] {
  const byId = new Map<string, ShownList>();
  for (const list of lists) {
    if (!byId.has(list.request_id)) byId.set(list.request_id, list);
  }
  const sorted = [...byId.values()].sort(
    (a, b) => b.ts - a.ts || (a.request_id < b.request_id ? -1 : 1),
  );
  let items = 0;
  return sorted.slice(0, MOST_LISTS).filter(({ item_ids: ids }, at) => {
    items += ids.length;
    return at === 0 || items <= MOST_ITEMS;
  });
}

import { checkInteractions } from "./check-interactions.ts";
import type { Interactions } from "./interactions.ts";

/**
 * The same interactions with rows by (user, ts, item) and users by what they
 * did: number of rows, then row after row; the key decides only between
 * people who did exactly the same. So neither the order of rows nor the
 * labels of users reach what is learned. Baskets are numbered as they appear.
 * Throws an Error when a value is out of range.
 */
export function canonicalOrder(interactions: Interactions): Interactions {
  checkInteractions(interactions);
  const people = rowsByUser(interactions);
  for (const person of people) {
    sortRows(interactions, person.rows);
  }
  people.sort((a, b) => comparePeople(interactions, a, b));
  return gather(interactions, people);
}

interface Person {
  readonly position: number;
  readonly rows: Int32Array;
}

function rowsByUser({ users, user }: Interactions): Person[] {
  const starts = new Int32Array(users.length + 1);
  for (const position of user) {
    starts[position + 1] = (starts[position + 1] ?? 0) + 1;
  }
  for (let i = 0; i < users.length; i++) {
    starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  }
  const next = starts.slice();
  const order = new Int32Array(user.length);
  user.forEach((position, row) => {
    const at = next[position] ?? 0;
    order[at] = row;
    next[position] = at + 1;
  });
  return users.map((_, position) => ({
    position,
    rows: order.subarray(starts[position], starts[position + 1]),
  }));
}

/**
 * By what the rows say; rows that differ in nothing but the basket follow
 * their baskets' first appearance, so that the numbers of baskets matter only
 * between new ones.
 */
function sortRows(from: Interactions, rows: Int32Array): void {
  rows.sort(
    (a, b) =>
      compareContents(from, a, b) || at(from.basket, a) - at(from.basket, b),
  );
  const appeared = new Map<number, number>();
  const rank = (row: number) =>
    appeared.get(at(from.basket, row)) ?? rows.length;
  for (let start = 0; start < rows.length;) {
    let end = start + 1;
    while (
      end < rows.length &&
      compareContents(from, at(rows, start), at(rows, end)) === 0
    ) {
      end++;
    }
    const equal = rows.subarray(start, end);
    if (equal.length > 1) equal.sort((a, b) => rank(a) - rank(b));
    for (const row of equal) {
      const basket = at(from.basket, row);
      if (!appeared.has(basket)) appeared.set(basket, appeared.size);
    }
    start = end;
  }
}

/** By all that a row has but the basket, whose number is a label. */
function compareContents(from: Interactions, a: number, b: number): number {
  return (
    at(from.ts, a) - at(from.ts, b) ||
    at(from.item, a) - at(from.item, b) ||
    at(from.weight, a) - at(from.weight, b) ||
    at(from.group, a) - at(from.group, b) ||
    at(from.halfLifeDays, a) - at(from.halfLifeDays, b)
  );
}

function comparePeople(from: Interactions, a: Person, b: Person): number {
  const order =
    a.rows.length - b.rows.length ||
    at(from.person, a.position) - at(from.person, b.position);
  if (order !== 0) return order;
  for (let i = 0; i < a.rows.length; i++) {
    const difference = compareContents(from, at(a.rows, i), at(b.rows, i));
    if (difference !== 0) return difference;
  }
  return (
    compareShapes(basketShape(from, a), basketShape(from, b)) ||
    ((from.users[a.position] ?? "") < (from.users[b.position] ?? "") ? -1 : 1)
  );
}

/** Baskets of a person's rows, numbered as they appear. */
function basketShape(from: Interactions, person: Person): Int32Array {
  const numbers = new Map<number, number>([[-1, -1]]);
  return person.rows.map((row) => {
    const label = at(from.basket, row);
    const number = numbers.get(label) ?? numbers.size - 1;
    numbers.set(label, number);
    return number;
  });
}

function compareShapes(a: Int32Array, b: Int32Array): number {
  const i = a.findIndex((number, row) => number !== b[row]);
  return i < 0 ? 0 : at(a, i) - at(b, i);
}

function gather(from: Interactions, people: readonly Person[]): Interactions {
  const order = new Int32Array(from.user.length);
  const user = new Int32Array(order.length);
  const basket = new Int32Array(order.length);
  let end = 0;
  let baskets = 0;
  people.forEach((person, position) => {
    order.set(person.rows, end);
    user.fill(position, end, end + person.rows.length);
    let largest = -1;
    for (const number of basketShape(from, person)) {
      basket[end++] = number < 0 ? -1 : baskets + number;
      largest = Math.max(largest, number);
    }
    baskets += largest + 1;
  });
  const { halfLifeDays } = from;
  return {
    users: people.map((person) => from.users[person.position] ?? ""),
    items: from.items,
    user,
    item: Int32Array.from(order, (row) => at(from.item, row)),
    weight: Float32Array.from(order, (row) => at(from.weight, row)),
    ts: Float64Array.from(order, (row) => at(from.ts, row)),
    basket,
    group: Int32Array.from(order, (row) => at(from.group, row)),
    groups: from.groups,
    person: Uint8Array.from(people, (person) =>
      at(from.person, person.position),
    ),
    ...(halfLifeDays && {
      halfLifeDays: Float32Array.from(order, (row) => at(halfLifeDays, row)),
    }),
  };
}

function at(column: ArrayLike<number> | undefined, row: number): number {
  return column?.[row] ?? 0;
}

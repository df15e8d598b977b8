import { LAST_MOMENT_MS } from "@recsys/contracts";
import type { Interactions } from "./interactions.ts";

/** Throws an Error that names the column and row of the first value that is missing or out of range. */
export function checkInteractions(interactions: Interactions): void {
  const { users, items, groups, person } = interactions;
  const n = interactions.user.length;
  for (const name of ["item", "weight", "ts", "basket", "group"] as const) {
    requireLength(name, interactions[name].length, n);
  }
  requireLength("halfLifeDays", interactions.halfLifeDays?.length ?? n, n);
  requireLength("person", person.length, users.length);
  requireValues("user", interactions.user, isPosition(users.length));
  requireValues("item", interactions.item, isPosition(items.length));
  requireValues("group", interactions.group, isPosition(groups.length));
  requireValues("weight", interactions.weight, Number.isFinite);
  requireValues("ts", interactions.ts, (ts) => Math.abs(ts) <= LAST_MOMENT_MS);
  requireValues("basket", interactions.basket, (basket) => basket >= -1);
  requireValues("person", person, (value) => value <= 1);
  requireValues(
    "halfLifeDays",
    interactions.halfLifeDays ?? [],
    (days) => days >= 0 && days < Infinity,
  );
  items.forEach((id, i) => {
    if (i > 0 && !((items[i - 1] ?? "") < id)) {
      throw new Error(`items are not sorted and distinct at ${i}`);
    }
  });
}

function isPosition(count: number) {
  return (position: number) => position >= 0 && position < count;
}

function requireLength(name: string, length: number, expected: number): void {
  if (length !== expected) {
    throw new Error(`column ${name} has ${length} rows, must have ${expected}`);
  }
}

function requireValues(
  name: string,
  values: ArrayLike<number>,
  isValid: (value: number) => boolean,
): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (!isValid(value)) {
      throw new Error(`column ${name}, row ${row}: ${value} is out of range`);
    }
  }
}

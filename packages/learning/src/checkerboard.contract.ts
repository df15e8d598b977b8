import { DAY_MS } from "@recsys/contracts";
import type { InteractionColumns } from "./create-interactions.ts";
import type { ItemText } from "./signal.ts";

export const AS_OF = 100 * DAY_MS;

export const SIZE = 12;
const COLOURS = ["red", "black"] as const;

function userId(user: number): string {
  return `u${String(user).padStart(2, "0")}`;
}
export function itemId(item: number): string {
  return `i${String(item).padStart(2, "0")}`;
}
export function colourOf(position: number): string {
  return COLOURS[position % 2] ?? "";
}

/** The item of their own colour that a user has not had yet: the right answer. */
export function missingItem(user: number): number {
  return (user + 2) % SIZE;
}

/**
 * Users of one colour have all items of that colour but one, bought in one
 * basket in the last days: whatever learns from it must offer the missing one
 * before any item of the other colour. Group = colour.
 */
export function checkerboard() {
  const rows = [];
  for (let user = 0; user < SIZE; user++) {
    for (let item = user % 2; item < SIZE; item += 2) {
      if (item === missingItem(user)) continue;
      rows.push({ user, item });
    }
  }
  return {
    user: rows.map((row) => userId(row.user)),
    item: rows.map((row) => itemId(row.item)),
    weight: rows.map(() => 1),
    ts: rows.map((row) => AS_OF - (row.user + row.item / 100) * DAY_MS),
    basket: rows.map((row) => `order-${row.user}`),
    group: rows.map((row) => `colour:${colourOf(row.user)}`),
  } satisfies InteractionColumns;
}

export function checkerboardItems(): ItemText[] {
  return Array.from({ length: SIZE }, (_, item) => ({
    item_id: itemId(item),
    title: `${colourOf(item)} thing number${item}`,
    tags: [colourOf(item)],
    category: ["board", colourOf(item)],
  }));
}

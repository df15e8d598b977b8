import { DAY_MS } from "@recsys/contracts";
import fc from "fast-check";
import { AS_OF, itemId } from "./checkerboard.contract.ts";
import type { InteractionColumns } from "./create-interactions.ts";
import type { ItemCounts } from "./item-counts.ts";
import type { ItemText } from "./signal.ts";

/** What a signal is given in the suite: rows, and items for those that read texts. */
export interface World {
  readonly columns: InteractionColumns;
  readonly items: readonly ItemText[];
}

/** Counts that rows would give: each row a showing, heavy ones clicked and bought, negative ones hidden, every third purchase returned. */
export function countsOf(columns: InteractionColumns): ItemCounts {
  const items = [...new Set(columns.item)].sort((a, b) => (a < b ? -1 : 1));
  const count = (holds: (weight: number) => boolean) =>
    Float64Array.from(items, (id) =>
      columns.item.reduce(
        (sum, item, row) =>
          sum + Number(item === id && holds(columns.weight[row] ?? 0)),
        0,
      ),
    );
  const bought = count((weight) => weight >= 2);
  return {
    items,
    shown: count(() => true),
    clicks: count((weight) => weight >= 1),
    purchases: bought,
    hides: count((weight) => weight < 0),
    bought,
    returned: bought.map((each) => Math.floor(each / 3)),
  };
}

/** Random small worlds: several events per pair, dislikes, baskets and guests. */
export function worlds(): fc.Arbitrary<World> {
  const row = fc.record({
    user: fc.nat(7),
    item: fc.nat(9),
    weight: fc.constantFrom(0.1, 0.7, 1, 2, 8, -1),
    day: fc.nat(90),
    basket: fc.option(fc.nat(2)),
    group: fc.constantFrom(null, "country:France", "country:Spain"),
  });
  const word = fc.constantFrom("red", "blue", "tea", "cup", "Café", "");
  const text = fc.record({ item: fc.nat(9), words: fc.array(word) });
  return fc.record({
    columns: fc.array(row, { maxLength: 60 }).map((rows) => ({
      user: rows.map((r) => `u${r.user}`),
      item: rows.map((r) => itemId(r.item)),
      weight: rows.map((r) => r.weight),
      ts: rows.map((r) => AS_OF - r.day * DAY_MS),
      basket: rows.map((r) => (r.basket === null ? null : `b${r.basket}`)),
      group: rows.map((r) => r.group),
      person: rows.map((r) => (r.user > 5 ? 0 : 1)),
    })),
    items: fc
      .uniqueArray(text, { selector: (t) => t.item })
      .map((texts) => texts.map(itemText)),
  });
}

function itemText(of: { item: number; words: readonly string[] }): ItemText {
  return {
    item_id: itemId(of.item),
    title: of.words.join(" "),
    tags: [...new Set(of.words.filter((word) => word !== ""))],
    category: [],
  };
}

/** No two items alike, so that the graph alone tells every item from every other. */
export function irregularWorld(): World {
  const rows = [];
  for (let user = 0; user < 40; user++) {
    for (let item = 0; item < 24; item++) {
      if ((user * user + 7 * item * item + user * item) % 11 < 3 + (item % 3)) {
        rows.push({ user, item });
      }
    }
  }
  return {
    columns: {
      user: rows.map((row) => `u${row.user}`),
      item: rows.map((row) => itemId(row.item)),
      weight: rows.map((row) => 1 + ((row.user * 5 + row.item) % 7) / 3),
      ts: rows.map((row) => AS_OF - ((row.user * 13 + row.item) % 97) * DAY_MS),
      basket: rows.map((row) => `b${(row.user + row.item) % 4}`),
    },
    items: Array.from({ length: 24 }, (_, item) => ({
      item_id: itemId(item),
      title: ["red", "blue", "green"]
        .filter((_, i) => (item >> i) % 2)
        .join(" "),
      description: `size ${item % 5} batch ${item % 7} lot ${item}`,
      tags: [],
      category: [],
    })),
  };
}

export function shuffled(world: World, draws: Iterator<number>): World {
  const n = world.columns.user.length;
  const order = permutation(n, draws);
  const columns = Object.fromEntries(
    Object.entries(world.columns).map(([name, column]) => [
      name,
      order.map((row) => (column as ArrayLike<unknown>)[row]),
    ]),
  ) as unknown as InteractionColumns;
  const items = permutation(world.items.length, draws).flatMap(
    (at) => world.items[at] ?? [],
  );
  return { columns, items };
}

function permutation(n: number, draws: Iterator<number>): number[] {
  const keys = Array.from({ length: n }, (_, i) => ({
    i,
    key: draws.next().value as number,
  }));
  return keys.sort((a, b) => a.key - b.key || a.i - b.i).map(({ i }) => i);
}

export function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}

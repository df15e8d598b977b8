import {
  DAY_MS,
  RATE_NAMES,
  seededRandom,
  type Item,
  type SignalViews,
} from "@recsys/contracts";
import type { Snapshot } from "../src/snapshot.ts";
import {
  event,
  factors,
  item,
  lists,
  neighbours,
  NOW,
  rates,
  rule,
  shop,
  shownList,
  user,
} from "./shop.ts";

/** How much of the rich shop stands in another order than usual: nothing may show it. */
export interface Order {
  readonly items?: readonly string[];
  readonly artifacts?: readonly string[];
}

const SIZE = 60;
export const RICH_IDS = Array.from(
  { length: SIZE },
  (_, i) => `item-${String(i).padStart(2, "0")}`,
);

/** Sixty items with every attribute, all signals, rules of each kind: everything has something to do. */
export function richShop(
  order: Order = {},
  more: Partial<Parameters<typeof shop>[0]> = {},
): Snapshot {
  const byId = new Map(richItems().map((each) => [each.item_id, each]));
  const items = (order.items ?? RICH_IDS).flatMap((id) => byId.get(id) ?? []);
  return shop({
    items,
    signals: richSignals(order.artifacts ?? RICH_IDS),
    rules: [
      rule({
        action: "PIN",
        target: { item_ids: ["item-40", "item-41"] },
        position: 4,
      }),
      rule({ action: "PIN", target: { brand: "brand-3" }, id: "pin-brand" }),
      rule({ action: "BLOCK", target: { tags: ["tag-6"] } }),
      rule({ action: "BOOST", target: { category: "shelf-1" }, amount: 0.2 }),
      rule({
        action: "BOOST",
        target: { item_ids: ["item-50", "item-51", "item-52"] },
        amount: 0.3,
        id: "boost-items",
      }),
      rule({ action: "BURY", target: { brand: "brand-2" }, amount: 0.1 }),
    ],
    config: {
      segments: [
        {
          name: "newcomers",
          owner: "shop",
          // Of nobody who does not say so.
          rule: { field: "traits.newcomer", op: "eq", value: true },
          knobs: {},
          starter: {
            categories: { "shelf-1": 0.6, "shelf-3": 0.4 },
            tags: { "tag-2": 0.5 },
            brands: { "brand-4": 0.3 },
            item_ids: { "item-20": 1 },
          },
        },
      ],
    },
    posteriors: {
      version: 1,
      arms: ["item-02", "item-05", "item-07", "item-11"].map((arm, i) => ({
        bandit: "slots:home",
        arm,
        trials: 30 + i,
        reward: 6 * i,
      })),
    },
    ...more,
  });
}

function richItems(): Item[] {
  const random = seededRandom(7);
  return RICH_IDS.map((id, i) =>
    item(id, {
      available: i % 17 !== 16,
      price: i + 0.5,
      tags: [`tag-${i % 7}`, `tag-${7 + Math.floor(random() * 3)}`],
      category: ["department", `shelf-${i % 4}`],
      brand: `brand-${i % 5}`,
      created_at: NOW - i * DAY_MS,
      stock: i % 19 === 18 ? 0 : 5,
      provider_id: `provider-${i % 6}`,
      margin: (i % 9) / 10 - 0.1,
      ...(i % 4 === 1 ? { sponsored: true } : {}),
    }),
  );
}

function richSignals(ids: readonly string[]): SignalViews {
  const list = (seed: number) => descending(seed);
  return {
    popularity: lists({ "": list(1), "country:France": list(2) }, ids),
    trending: lists({ "": list(3) }, ids),
    "co-visits": neighbours(near(4), ids),
    "bought-together": neighbours(near(5), ids),
    "item-knn": neighbours(near(6), ids),
    content: neighbours(near(7), ids),
    ials: factors(places(8), ids),
    "item-rates": rates(measured(9), {}, ids),
  };
}

/** A score for most items, best first; some are equal. */
function descending(seed: number): Record<string, number> {
  const random = seededRandom(seed);
  return Object.fromEntries(
    RICH_IDS.filter(() => random() < 0.8)
      .map((id) => [id, Math.ceil(random() * 20) / 20] as const)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
  );
}

function near(seed: number): Record<string, Record<string, number>> {
  const random = seededRandom(seed);
  return Object.fromEntries(
    RICH_IDS.map((id) => [
      id,
      Object.fromEntries(
        RICH_IDS.filter((other) => other !== id && random() < 0.3).map(
          (other) => [other, Math.ceil(random() * 10) / 10],
        ),
      ),
    ]),
  );
}

function measured(seed: number) {
  const random = seededRandom(seed);
  return Object.fromEntries(
    RICH_IDS.map((id) => [
      id,
      Object.fromEntries(
        RATE_NAMES.map((name) => [name, Math.ceil(random() * 10) / 10]),
      ),
    ]),
  );
}

function places(seed: number): Record<string, number[]> {
  const random = seededRandom(seed);
  return Object.fromEntries(
    RICH_IDS.map((id) => [id, [random(), random() - 0.5, random() - 0.5]]),
  );
}

/** Bought, viewed and disliked, some of it long ago; shown two lists. */
export const RICH_USER = user(
  [
    event("item-03", "view", 0.5),
    event("item-09", "purchase", 1),
    event("item-14", "dislike", 2),
    event("item-22", "purchase", 20),
    event("item-31", "add_to_cart", 100),
    event("item-22", "purchase", 300),
  ],
  {
    impressions: [
      shownList(["item-40", "item-10"], 1),
      shownList(["item-41", "item-40", "item-12"], 30),
    ],
  },
);

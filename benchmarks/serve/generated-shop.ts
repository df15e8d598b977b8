import {
  DAY_MS,
  seededRandom,
  type EventInput,
  type ItemInput,
} from "@recsys/contracts";

export const SHOP = {
  items: 100_000,
  users: 200_000,
  eventsPerUser: 6,
  clusters: 500,
  seed: 20261121,
} as const;

/** Items in clusters of taste; words, brands and prices follow the cluster. */
export function* generatedItems(): Generator<ItemInput> {
  const random = seededRandom(SHOP.seed);
  for (let n = 0; n < SHOP.items; n++) {
    const cluster = n % SHOP.clusters;
    yield {
      item_id: itemId(n),
      title: `item ${n} colour ${n % 37} style ${cluster} size ${n % 11}`,
      price: Math.round(100 * (2 + 50 * random())) / 100,
      currency: "EUR",
      brand: `brand ${n % 997}`,
      tags: [`style ${cluster}`, `colour ${n % 37}`],
      category: [`department ${cluster % 20}`, `style ${cluster}`],
    };
  }
}

/**
 * Purchases: a user likes two clusters and buys the popular items of each more
 * often (position drawn as the square of a uniform number).
 */
export function* generatedEvents(endMs: number): Generator<EventInput> {
  const random = seededRandom(SHOP.seed + 1);
  const perCluster = SHOP.items / SHOP.clusters;
  for (let user = 0; user < SHOP.users; user++) {
    const tastes = [random(), random()].map((u) =>
      Math.floor(u * SHOP.clusters),
    );
    for (let n = 0; n < SHOP.eventsPerUser; n++) {
      const cluster = tastes[n % 2] ?? 0;
      const place = Math.floor(random() ** 2 * perCluster);
      yield {
        event_id: `${user}-${n}`,
        user_id: userId(user),
        type: "purchase",
        item_id: itemId(place * SHOP.clusters + cluster),
        order_id: `${user}-${Math.floor(n / 3)}`,
        ts: new Date(endMs - Math.floor(random() * 60 * DAY_MS)).toISOString(),
      };
    }
  }
}

export function userId(n: number): string {
  return `user-${n}`;
}

function itemId(n: number): string {
  return `item-${n}`;
}

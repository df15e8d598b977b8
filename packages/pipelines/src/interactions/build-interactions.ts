import type { EventTypePolicy } from "@recsys/contracts";
import type { Interactions } from "@recsys/learning";
import type { DictionaryColumn } from "../duckdb.ts";
import type { EventColumns } from "./event-columns.ts";

/** How events become weighted interactions; hashed into every artifact that is learned from them. */
export interface InteractionPolicy {
  readonly eventTypes: Readonly<Record<string, EventTypePolicy>>;
  /** `log`: weight × (1 + ln quantity), so that a pallet counts more than a piece but not a hundred times. */
  readonly quantity: "ignore" | "log";
  /** A pause longer than this starts a new basket where rows have no order; 0: no such baskets. */
  readonly sessionGapMinutes: number;
  /** Unix milliseconds; later events are not seen. */
  readonly asOf: number;
}

/** What did not become an interaction, by reason. */
export interface InteractionCounts {
  readonly used: number;
  readonly afterAsOf: number;
  readonly unknownType: number;
  readonly notPositive: number;
}

/**
 * Weighted interactions in canonical order: ids sorted by `<`, rows by user,
 * time, item, weight. Each row weighs its event type's weight times the
 * quantity policy; types without a policy, negative ones and weight 0 are
 * left out and counted.
 */
export function buildInteractions(
  events: EventColumns,
  policy: InteractionPolicy,
): { readonly interactions: Interactions; readonly counts: InteractionCounts } {
  const { kept, weights, counts } = weigh(events, policy);
  const users = sortedUsed(events.user, kept);
  const items = sortedUsed(events.item, kept);
  const groups = sortedUsed(events.country, kept);
  const orders = sortedUsed(events.order, kept);
  const userOf = (row: number) => users.rank[events.user.codes[row] ?? 0] ?? 0;
  const itemOf = (row: number) => items.rank[events.item.codes[row] ?? 0] ?? 0;
  const orderOf = (row: number) =>
    orders.rank[events.order.codes[row] ?? -1] ?? -1;
  const ts = (row: number) => events.ts[row] ?? 0;
  const order = Int32Array.from(kept).sort(
    (a, b) =>
      userOf(a) - userOf(b) ||
      ts(a) - ts(b) ||
      itemOf(a) - itemOf(b) ||
      (weights[a] ?? 0) - (weights[b] ?? 0) ||
      orderOf(a) - orderOf(b),
  );
  const interactions: Interactions = {
    users: users.ids,
    items: items.ids,
    user: Int32Array.from(order, userOf),
    item: Int32Array.from(order, itemOf),
    weight: Float32Array.from(order, (row) => weights[row] ?? 0),
    ts: Float64Array.from(order, ts),
    basket: baskets(events, order, policy.sessionGapMinutes),
    group: Int32Array.from(order, (row) => {
      const code = events.country.codes[row] ?? -1;
      return code < 0 ? 0 : (groups.rank[code] ?? 0) + 1;
    }),
    groups: ["", ...groups.ids.map((country) => `country:${country}`)],
    person: persons(events, order, { count: users.ids.length, userOf }),
  };
  return { interactions, counts };
}

function weigh(events: EventColumns, policy: InteractionPolicy) {
  const weights = new Float64Array(events.rowCount);
  const kept: number[] = [];
  const counts = { used: 0, afterAsOf: 0, unknownType: 0, notPositive: 0 };
  const policies = events.type.values.map((type) =>
    Object.hasOwn(policy.eventTypes, type)
      ? policy.eventTypes[type]
      : undefined,
  );
  for (let row = 0; row < events.rowCount; row++) {
    const type = policies[events.type.codes[row] ?? -1];
    if ((events.ts[row] ?? 0) > policy.asOf) counts.afterAsOf++;
    else if (type === undefined) counts.unknownType++;
    else if (type.sign === "negative" || type.weight <= 0) counts.notPositive++;
    else {
      const quantity = events.quantity[row] ?? NaN;
      const factor =
        policy.quantity === "log" && quantity > 1 ? 1 + Math.log(quantity) : 1;
      weights[row] = type.weight * factor;
      kept.push(row);
    }
  }
  counts.used = kept.length;
  return { kept, weights, counts };
}

/** The values in use, sorted, and for each code its place among them. */
function sortedUsed(column: DictionaryColumn, rows: readonly number[]) {
  const used = new Uint8Array(column.values.length);
  for (const row of rows) {
    const code = column.codes[row] ?? -1;
    if (code >= 0) used[code] = 1;
  }
  const codes = column.values
    .map((_, code) => code)
    .filter((code) => used[code] === 1);
  codes.sort((a, b) =>
    (column.values[a] ?? "") < (column.values[b] ?? "") ? -1 : 1,
  );
  const rank = new Int32Array(column.values.length);
  codes.forEach((code, place) => {
    rank[code] = place;
  });
  return { ids: codes.map((code) => column.values[code] ?? ""), rank };
}

/** An order is a basket; rows without one share a basket until the user pauses. Rows are sorted by user and time. */
function baskets(
  events: EventColumns,
  order: Int32Array,
  gapMinutes: number,
): Int32Array {
  const result = new Int32Array(order.length).fill(-1);
  const known = new Map<string, number>();
  let next = 0;
  let openBasket = -1;
  let lastUser = -1;
  let lastTs = 0;
  order.forEach((row, i) => {
    const user = events.user.codes[row] ?? 0;
    const orderCode = events.order.codes[row] ?? -1;
    if (orderCode >= 0) {
      const key = `${user}:${orderCode}`;
      const basket = known.get(key) ?? next++;
      known.set(key, basket);
      result[i] = basket;
      return;
    }
    if (gapMinutes <= 0) return;
    const ts = events.ts[row] ?? 0;
    if (user !== lastUser || ts - lastTs > gapMinutes * 60_000) {
      openBasket = next++;
    }
    lastUser = user;
    lastTs = ts;
    result[i] = openBasket;
  });
  return result;
}

function persons(
  events: EventColumns,
  order: Int32Array,
  users: { readonly count: number; userOf(row: number): number },
): Uint8Array {
  const guest = events.person.values.indexOf("session");
  const persons = new Uint8Array(users.count).fill(1);
  for (const row of order) {
    if (events.person.codes[row] === guest && guest >= 0) {
      persons[users.userOf(row)] = 0;
    }
  }
  return persons;
}

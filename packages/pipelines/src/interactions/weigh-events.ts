import {
  MINUTE_MS,
  PURCHASE,
  RETURN,
  type EventTypePolicy,
} from "@recsys/contracts";
import { createInteractions, type Interactions } from "@recsys/learning";
import { positionsWhere, textAt, type EventColumns } from "./event-columns.ts";

/** How events become weighted interactions; every artifact names its hash. */
export interface InteractionPolicy {
  readonly eventTypes: Readonly<Record<string, EventTypePolicy>>;
  /** `log`: weight × (1 + ln quantity), so that a pallet counts more than a piece but not a hundred times. */
  readonly quantity: "ignore" | "log";
  /** A pause longer than this starts a new basket where rows have no order; 0: no such baskets. */
  readonly sessionGapMinutes: number;
  /** Unix milliseconds; later events are not seen. */
  readonly asOf: number;
}

/** How many rows were used, and what was left out by reason. */
export interface InteractionCounts {
  readonly used: number;
  readonly afterAsOf: number;
  readonly unknownType: number;
  readonly weightZero: number;
  /** Purchases that a return undid, and the returns. */
  readonly returned: number;
}

/**
 * Weighted interactions of the events up to `asOf`: a row weighs its event
 * type's weight times the quantity policy, below zero for negative types.
 * Types without a policy or with weight 0 are left out and counted, and so
 * are purchases that were returned by `asOf`, with their returns.
 */
export function weighEvents(
  events: EventColumns,
  policy: InteractionPolicy,
): { readonly interactions: Interactions; readonly counts: InteractionCounts } {
  const policies = events.type.values.map((type) =>
    Object.hasOwn(policy.eventTypes, type)
      ? policy.eventTypes[type]
      : undefined,
  );
  const policyAt = (row: number) => policies[events.type.codes[row] ?? -1];
  const counts = {
    used: 0,
    afterAsOf: 0,
    unknownType: 0,
    weightZero: 0,
    returned: 0,
  };
  const isReturned = findReturned(events, policy.asOf);
  const rows = positionsWhere(events, (row) => {
    const type = policyAt(row);
    if ((events.ts[row] ?? 0) > policy.asOf) counts.afterAsOf++;
    else if (isReturned(row)) counts.returned++;
    else if (type === undefined) counts.unknownType++;
    else if (type.weight <= 0) counts.weightZero++;
    else return true;
    return false;
  });
  counts.used = rows.length;
  const text = (column: EventColumns["user"]) =>
    Array.from(rows, (row) => textAt(column, row) ?? "");
  const interactions = createInteractions({
    user: text(events.user),
    item: text(events.item),
    weight: Float64Array.from(rows, (row) =>
      weightOf(policyAt(row), events.quantity[row] ?? NaN, policy.quantity),
    ),
    ts: Float64Array.from(rows, (row) => events.ts[row] ?? 0),
    basket: baskets(events, rows, policy.sessionGapMinutes),
    group: text(events.country).map((country) =>
      country === "" ? null : `country:${country}`,
    ),
    person: Uint8Array.from(rows, (row) =>
      textAt(events.person, row) === "session" ? 0 : 1,
    ),
    halfLifeDays: Float32Array.from(
      rows,
      (row) => policyAt(row)?.half_life_days ?? 0,
    ),
  });
  return { interactions, counts };
}

/** Which rows a return takes out: itself, and the purchases of the same person, order and item. */
function findReturned(
  events: EventColumns,
  asOf: number,
): (row: number) => boolean {
  const purchase = events.type.values.indexOf(PURCHASE);
  const back = events.type.values.indexOf(RETURN);
  if (back < 0) return () => false;
  const keyOf = (row: number): string =>
    [events.user, events.order, events.item]
      .map(({ codes }) => codes[row])
      .join(" ");
  const undone = new Set<string>();
  for (let row = 0; row < events.rowCount; row++) {
    const isIn = (events.ts[row] ?? 0) <= asOf;
    const hasOrder = (events.order.codes[row] ?? -1) >= 0;
    if (isIn && hasOrder && events.type.codes[row] === back) {
      undone.add(keyOf(row));
    }
  }
  return (row) =>
    events.type.codes[row] === back ||
    (events.type.codes[row] === purchase && undone.has(keyOf(row)));
}

function weightOf(
  type: EventTypePolicy | undefined,
  quantity: number,
  policy: InteractionPolicy["quantity"],
): number {
  if (type === undefined) return 0;
  const factor = policy === "log" && quantity > 1 ? 1 + Math.log(quantity) : 1;
  return type.weight * factor * (type.sign === "negative" ? -1 : 1);
}

/** The order is the basket; rows without one share a basket until their user pauses. */
function baskets(
  events: EventColumns,
  rows: Int32Array,
  gapMinutes: number,
): (string | null)[] {
  const names = new Array<string | null>(rows.length).fill(null);
  const loose: number[] = [];
  rows.forEach((row, i) => {
    const order = textAt(events.order, row);
    if (order !== undefined) names[i] = `order ${order}`;
    else if (gapMinutes > 0) loose.push(i);
  });
  const user = (i: number) => events.user.codes[rows[i] ?? 0] ?? 0;
  const ts = (i: number) => events.ts[rows[i] ?? 0] ?? 0;
  loose.sort((a, b) => user(a) - user(b) || ts(a) - ts(b));
  loose.forEach((i, place) => {
    const before = loose[place - 1];
    const goesOn =
      before !== undefined &&
      user(before) === user(i) &&
      ts(i) - ts(before) <= gapMinutes * MINUTE_MS;
    names[i] = goesOn ? (names[before] ?? null) : `session ${ts(i)}`;
  });
  return names;
}

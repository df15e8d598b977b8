import {
  hashHex,
  type EventTypePolicy,
  type UserEvent,
  type UserState,
} from "@recsys/contracts";
import { textAt, type EventColumns } from "../interactions/event-columns.ts";

/** What one user did before the split and wanted after it. */
export interface UserCase {
  readonly userId: string;
  readonly state: UserState;
  /** Distinct items of the history. */
  readonly seen: ReadonlySet<string>;
  /** Gain by wanted item; empty where nothing counts as relevant. */
  readonly truth: ReadonlyMap<string, number>;
  /** Country of the newest event that has one. */
  readonly country: string | undefined;
}

export interface CaseOptions {
  readonly eventTypes: Readonly<Record<string, EventTypePolicy>>;
  /** `new-items`: items of the history are not wanted again. */
  readonly wanted: "new-items" | "all-items";
  /** `known`: only users with a history. */
  readonly users: "known" | "all";
  /** Rows with a smaller value (rating) are not relevant. */
  readonly relevantFrom?: number;
}

/** One case for every user of the test rows, sorted by user id. */
export function userCases(
  train: EventColumns,
  test: EventColumns,
  options: CaseOptions,
): UserCase[] {
  const histories = rowsByUser(train);
  const wanted = rowsByUser(test);
  const cases: UserCase[] = [];
  for (const userId of [...wanted.keys()].sort()) {
    const history = histories.get(userId);
    if (history === undefined && options.users === "known") continue;
    const seen = new Set(
      (history ?? []).map((row) => textAt(train.item, row) ?? ""),
    );
    const rows = wanted.get(userId) ?? [];
    cases.push({
      userId,
      state: stateOf(train, history ?? [], userId),
      seen,
      truth: truthOf(test, rows, { seen, options }),
      country: newestCountry(train, history ?? []),
    });
  }
  return cases;
}

function rowsByUser(events: EventColumns): Map<string, number[]> {
  const byUser = new Map<string, number[]>();
  for (let row = 0; row < events.rowCount; row++) {
    if (textAt(events.person, row) === "session") continue;
    const user = textAt(events.user, row) ?? "";
    const rows = byUser.get(user);
    if (rows === undefined) byUser.set(user, [row]);
    else rows.push(row);
  }
  return byUser;
}

function stateOf(
  train: EventColumns,
  rows: readonly number[],
  userId: string,
): UserState {
  const events = rows.map((row): UserEvent => {
    const value = train.value[row] ?? NaN;
    const order = textAt(train.order, row);
    return {
      item_id: textAt(train.item, row) ?? "",
      type: textAt(train.type, row) ?? "",
      ts: train.ts[row] ?? 0,
      ...(Number.isNaN(value) ? {} : { value }),
      ...(order === undefined ? {} : { order_id: order }),
    };
  });
  events.sort(
    (a, b) =>
      b.ts - a.ts ||
      (a.item_id < b.item_id ? -1 : a.item_id > b.item_id ? 1 : 0),
  );
  return {
    events,
    traits: {},
    consent: "granted",
    bucket_key: hashHex(userId),
  };
}

function truthOf(
  test: EventColumns,
  rows: readonly number[],
  o: {
    readonly seen: ReadonlySet<string>;
    readonly options: CaseOptions;
  },
): Map<string, number> {
  const truth = new Map<string, number>();
  for (const row of rows) {
    const item = textAt(test.item, row) ?? "";
    if (o.options.wanted === "new-items" && o.seen.has(item)) continue;
    if (isRelevant(test, row, o.options)) truth.set(item, 1);
  }
  return truth;
}

function isRelevant(
  test: EventColumns,
  row: number,
  options: CaseOptions,
): boolean {
  const type = textAt(test.type, row) ?? "";
  const policy = Object.hasOwn(options.eventTypes, type)
    ? options.eventTypes[type]
    : undefined;
  if (policy?.sign !== "positive" || policy.weight <= 0) return false;
  const value = test.value[row] ?? NaN;
  return options.relevantFrom === undefined || value >= options.relevantFrom;
}

function newestCountry(
  train: EventColumns,
  rows: readonly number[],
): string | undefined {
  let newest = -Infinity;
  let country: string | undefined;
  for (const row of rows) {
    const here = textAt(train.country, row);
    const ts = train.ts[row] ?? 0;
    if (here !== undefined && ts >= newest) {
      newest = ts;
      country = here;
    }
  }
  return country;
}

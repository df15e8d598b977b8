import { createHash } from "node:crypto";
import { canonicalJson, DAY_MS, PURCHASE, RETURN } from "@recsys/contracts";
import type { ItemCounts } from "@recsys/learning";
import { countExposures } from "@recsys/store";
import { readIndex } from "../lake/lake-index.ts";
import { EVENTS } from "../lake/lake-table.ts";
import { readItemCounts, type ItemRow } from "../lake/read-item-counts.ts";
import { checkLimit } from "../recipe/limits.ts";
import type { Run } from "../runner/run.ts";
import { textAt, type EventColumns } from "./event-columns.ts";

/** Counts of what happened to each item, with what they are known by. */
export interface CountedItems {
  readonly counts: ItemCounts;
  /** Of the counts, free of keys: the same events in another database have the same. */
  readonly hash: string;
  readonly window: { readonly from: number; readonly to: number };
}

/**
 * Counts by item over the window of a run: confirmed exposures and what
 * followed from lists where there are any exposures, else views and all that
 * people did.
 */
export async function countItems(
  run: Pick<
    Run,
    | "asOf"
    | "duck"
    | "lakeFolder"
    | "namespace"
    | "parameters"
    | "store"
    | "tenant"
  >,
): Promise<CountedItems> {
  const from = Math.max(
    0,
    run.asOf - run.parameters.interactions.window_days * DAY_MS,
  );
  const exposures = await run.store.inTenant(run.tenant, (tx) =>
    countExposures(tx, run.namespace, { from, to: run.asOf }),
  );
  const rows = await readItemCounts(run.duck, run.lakeFolder, {
    index: await readIndex(run.lakeFolder, EVENTS),
    from,
    to: run.asOf,
    isOfLists: exposures.size > 0,
  });
  const counts = toItemCounts(rows, exposures);
  checkLimit(run.parameters.limits, "items", counts.items.length);
  return { counts, hash: hashOf(counts), window: windowOf(rows) };
}

/** The same from rows in memory, where there are no exposures: views stand for them. */
export function countEvents(events: EventColumns, asOf: number): ItemCounts {
  const rows = new Map<string, ItemRow>();
  for (let row = 0; row < events.rowCount; row++) {
    if ((events.ts[row] ?? 0) > asOf) continue;
    const item = textAt(events.item, row) ?? "";
    const type = textAt(events.type, row) ?? "";
    const of = rows.get(item) ?? { ...NOTHING, item };
    rows.set(item, {
      ...of,
      views: of.views + Number(type === "view"),
      clicks: of.clicks + Number(type === "click"),
      purchases: of.purchases + Number(type === PURCHASE),
      hides: of.hides + Number(type === "hide" || type === "dislike"),
      bought: of.bought + Number(type === PURCHASE),
      returned: of.returned + Number(type === RETURN),
    });
  }
  return toItemCounts([...rows.values()], new Map());
}

const NOTHING = {
  views: 0,
  clicks: 0,
  purchases: 0,
  hides: 0,
  bought: 0,
  returned: 0,
  first: 0,
  last: 0,
};

function toItemCounts(
  rows: readonly ItemRow[],
  exposures: ReadonlyMap<string, number>,
): ItemCounts {
  const byId = new Map(rows.map((row) => [row.item, row]));
  const items = [...new Set([...byId.keys(), ...exposures.keys()])].sort(
    (a, b) => (a < b ? -1 : 1),
  );
  const column = (pick: (row: Omit<ItemRow, "item">, id: string) => number) =>
    Float64Array.from(items, (id) => pick(byId.get(id) ?? NOTHING, id));
  return {
    items,
    shown:
      exposures.size > 0
        ? column((_, id) => exposures.get(id) ?? 0)
        : column(({ views }) => views),
    clicks: column(({ clicks }) => clicks),
    purchases: column(({ purchases }) => purchases),
    hides: column(({ hides }) => hides),
    bought: column(({ bought }) => bought),
    returned: column(({ returned }) => returned),
  };
}

function hashOf({ items, ...columns }: ItemCounts): string {
  const values = Object.entries(columns).map(([name, column]) => [
    name,
    [...column],
  ]);
  const text = canonicalJson({ items, ...Object.fromEntries(values) });
  return createHash("sha256").update(text).digest("hex");
}

function windowOf(rows: readonly ItemRow[]): { from: number; to: number } {
  if (rows.length === 0) return { from: 0, to: 0 };
  return {
    from: rows.reduce((least, { first }) => Math.min(least, first), Infinity),
    to: rows.reduce((most, { last }) => Math.max(most, last), 0),
  };
}

import { sqlText, type DuckDb } from "../duckdb.ts";
import { dayFile } from "./lake-day.ts";
import type { LakeIndex } from "./lake-index.ts";
import { EVENTS } from "./lake-table.ts";
import { isoDay } from "./read-events.ts";

/** What happened to one item. */
export interface ItemRow {
  readonly item: string;
  readonly views: number;
  readonly clicks: number;
  readonly purchases: number;
  readonly hides: number;
  readonly bought: number;
  readonly returned: number;
  /** Times of its first and last event, Unix milliseconds. */
  readonly first: number;
  readonly last: number;
}

const COUNTS = [
  "views",
  "clicks",
  "purchases",
  "hides",
  "bought",
  "returned",
  "first",
  "last",
] as const;

/**
 * Canonical events from `from` to `to` (Unix milliseconds, both in) counted by
 * item; `isOfLists` counts clicks, purchases and hides only where they
 * followed from a list. Whole numbers, so that no order of rows shows.
 */
export async function readItemCounts(
  duck: DuckDb,
  folder: string,
  range: {
    readonly index: LakeIndex;
    readonly from: number;
    readonly to: number;
    readonly isOfLists: boolean;
  },
): Promise<readonly ItemRow[]> {
  const firstDay = isoDay(range.from);
  const days = [...range.index.keys()].filter((day) => day >= firstDay).sort();
  if (days.length === 0) return [];
  const files = days.map((day) => sqlText(dayFile(folder, EVENTS, day)));
  const of = range.isOfLists ? "and request_id is not null" : "";
  const columns = await duck.columns({
    sql: `
      select item_id as item,
             (count(*) filter (type = 'view'))::double as views,
             (count(*) filter (type = 'click' ${of}))::double as clicks,
             (count(*) filter (type = 'purchase' ${of}))::double as purchases,
             (count(*) filter (type in ('hide', 'dislike') ${of}))::double as hides,
             (count(*) filter (type = 'purchase'))::double as bought,
             (count(*) filter (type = 'return'))::double as returned,
             min(ts)::double as first, max(ts)::double as last
        from read_parquet([${files.join(", ")}], hive_partitioning = false)
       where ts >= ${Math.floor(range.from)} and ts <= ${Math.floor(range.to)}
       group by item_id`,
    kinds: {
      item: "dictionary",
      ...(Object.fromEntries(COUNTS.map((name) => [name, "double"])) as Record<
        (typeof COUNTS)[number],
        "double"
      >),
    },
  });
  return Array.from(columns.item.codes, (code, row) => {
    const count = (name: (typeof COUNTS)[number]) => columns[name][row] ?? 0;
    return {
      item: columns.item.values[code] ?? "",
      ...(Object.fromEntries(COUNTS.map((name) => [name, count(name)])) as Omit<
        ItemRow,
        "item"
      >),
    };
  });
}

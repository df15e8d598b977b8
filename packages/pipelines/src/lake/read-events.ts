import { sqlText, type DuckDb } from "../duckdb.ts";
import type { EventColumns } from "../interactions/event-columns.ts";
import { dayFile } from "./lake-day.ts";
import type { LakeIndex } from "./lake-index.ts";
import { EVENTS } from "./lake-table.ts";

const KINDS = {
  user: "dictionary",
  item: "dictionary",
  type: "dictionary",
  ts: "double",
  quantity: "double",
  value: "double",
  order: "dictionary",
  country: "dictionary",
  person: "dictionary",
} as const;

/** Canonical events from `from` (Unix milliseconds) on, in the order of days and of rows within them. */
export async function readLakeEvents(
  duck: DuckDb,
  folder: string,
  range: { readonly index: LakeIndex; readonly from: number },
): Promise<EventColumns> {
  const firstDay = isoDay(range.from);
  const days = [...range.index.keys()].filter((day) => day >= firstDay).sort();
  const columns = `user_key, item_id, type, ts::double, quantity, value, order_id, country, person`;
  if (days.length === 0) {
    const empty = EVENTS.columns.map(
      ({ name, type }) => `null::${type.toString()} as ${name}`,
    );
    const sql = `select ${columns} from (select ${empty.join(", ")}) where false`;
    return duck.columns({ sql, kinds: KINDS });
  }
  const files = days.map((day) => sqlText(dayFile(folder, EVENTS, day)));
  return duck.columns({
    sql: `select ${columns}
          from read_parquet([${files.join(", ")}], hive_partitioning = false)
          where ts >= ${Math.floor(range.from)}`,
    kinds: KINDS,
  });
}

/** The UTC day of a time; the first representable day for -Infinity. */
export function isoDay(ts: number): string {
  return ts < -62_135_596_800_000
    ? "0001-01-01"
    : new Date(ts).toISOString().slice(0, 10);
}

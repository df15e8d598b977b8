import { VARCHAR } from "@duckdb/node-api";
import type { QualityCheck } from "@recsys/contracts";
import { sqlText, type DuckDb } from "../duckdb.ts";
import { dayFile } from "../lake/lake-day.ts";
import { readIndex } from "../lake/lake-index.ts";
import { EVENTS } from "../lake/lake-table.ts";
import type { Run } from "../runner/run.ts";

/** Below this many offending rows a share only warns: three wrong rows of ten are no trend. */
const FEW_ROWS = 10;

/** Checks the whole lake of the run's namespace; one entry per check, whatever its outcome. */
export async function checkQuality(run: Run): Promise<QualityCheck[]> {
  const index = await readIndex(run.lakeFolder, EVENTS);
  const rows = [...index.values()].reduce((sum, day) => sum + day.rows, 0);
  const volume = volumeCheck(run, rows);
  if (rows === 0) return [volume];
  const files = [...index.keys()].map((day) =>
    sqlText(dayFile(run.lakeFolder, EVENTS, day)),
  );
  const { items } = await run.catalogue();
  await nameTable(
    run.duck,
    "known_items",
    items.map((item) => item.item_id),
  );
  await nameTable(
    run.duck,
    "known_types",
    Object.keys(run.live.config.event_types),
  );
  const found = await run.duck.rows(countsSql(files), [run.asOf]);
  const count = (name: string) => Number(found[0]?.[name] ?? 0);
  const limits = run.parameters.quality;
  const share = (name: string, what: string, limit: number): QualityCheck =>
    shareCheck({ name, what, limit, count: count(name), rows });
  return [
    volume,
    shareCheck({
      name: "nulls",
      what: "lack a user, an item or a type",
      limit: 0,
      count: count("nulls"),
      rows,
      few: 1,
    }),
    share(
      "unknown_items",
      "are with items outside the catalogue",
      limits.max_unknown_item_share,
    ),
    share(
      "unknown_types",
      "have a type without a policy",
      limits.max_unknown_type_share,
    ),
    share(
      "duplicates",
      "repeat another row in every field",
      limits.max_duplicate_share,
    ),
    share("future", "are later than the run's as_of", limits.max_future_share),
  ];
}

function countsSql(files: readonly string[]): string {
  const events = `read_parquet([${files.join(", ")}], hive_partitioning = false)`;
  return `
    select count(*) filter (user_key is null or item_id is null or type is null) as nulls,
           count(*) filter (i.name is null) as unknown_items,
           count(*) filter (t.name is null) as unknown_types,
           count(*) filter (ts > ?) as future,
           count(*) - (select count(*) from (
             select distinct ts, user_key, type, item_id, value, quantity, price, order_id
               from ${events})) as duplicates
      from ${events} e
      left join known_items i on i.name = e.item_id
      left join known_types t on t.name = e.type`;
}

async function nameTable(
  duck: DuckDb,
  table: string,
  names: readonly string[],
): Promise<void> {
  await duck.run(`create or replace table ${table} (name varchar)`);
  const writer = await duck.appender(table, [VARCHAR]);
  writer.write([names]);
  writer.close();
}

function shareCheck(o: {
  readonly name: string;
  readonly what: string;
  readonly limit: number;
  readonly count: number;
  readonly rows: number;
  readonly few?: number;
}): QualityCheck {
  const isOver = o.count > o.limit * o.rows;
  const outcome = !isOver
    ? "pass"
    : o.count < (o.few ?? FEW_ROWS)
      ? "warn"
      : "fail";
  return {
    name: o.name,
    outcome,
    count: o.count,
    detail: `${o.count} of ${o.rows} events ${o.what}; at most ${o.limit * 100} % may`,
  };
}

/** Fewer events than the last successful run saw, beyond the limit, is a loss, not retention. */
function volumeCheck(run: Run, rows: number): QualityCheck {
  const before = run.lastEvents;
  const limit = run.parameters.quality.max_volume_drop;
  const isLost = before !== null && rows < before * (1 - limit);
  return {
    name: "volume",
    outcome: isLost ? "fail" : "pass",
    count: rows,
    detail:
      before === null
        ? `${rows} events; no earlier run to compare with`
        : `${rows} events, ${before} at the last successful run; at most ${limit * 100} % may be lost`,
  };
}

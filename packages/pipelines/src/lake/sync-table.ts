import type { DuckDb } from "../duckdb.ts";
import {
  readIndex,
  removeUnindexed,
  writeIndex,
  type LakeIndex,
} from "./lake-index.ts";
import {
  dayFile,
  syncDays,
  writeDay,
  type LakeDay,
  type RowBatch,
} from "./lake-day.ts";
import type { LakeTable } from "./lake-table.ts";

/** A day as the source has it now. */
export interface SourceDay {
  /** YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly rows: number;
  /** Changes whenever the rows of the day do. */
  readonly fingerprint: string;
}

export interface DaySource {
  days(): Promise<readonly SourceDay[]>;
  readDay(day: string): AsyncIterable<RowBatch>;
}

/** Days from `from` to `to`, both included, are exported again whatever their fingerprint. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface SyncResult {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  readonly rows: number;
  readonly index: LakeIndex;
}

/**
 * Brings a table of the lake to the state of its source: days that are new or
 * whose fingerprint changed are written, days that the source no longer has
 * are removed, all others stay untouched. May be interrupted and repeated: the
 * index names whole days only and is written last.
 */
export async function syncTable(
  duck: DuckDb,
  target: {
    readonly folder: string;
    readonly table: LakeTable;
    readonly backfill?: DayRange | undefined;
    readonly onDay?: (done: number, of: number) => void;
  },
  source: DaySource,
): Promise<SyncResult> {
  const { folder, table, backfill } = target;
  const before = await readIndex(folder, table);
  const days = await source.days();
  const isDue = ({ day, fingerprint }: SourceDay) =>
    before.get(day)?.fingerprint !== fingerprint ||
    (backfill !== undefined && day >= backfill.from && day <= backfill.to);
  const due = days.filter(isDue);
  const index = new Map<string, LakeDay>();
  for (const { day } of days) {
    const known = before.get(day);
    if (known !== undefined) index.set(day, known);
  }
  for (const [done, { day, fingerprint }] of due.entries()) {
    const written = await writeDay(
      duck,
      { folder, table, day },
      source.readDay(day),
    );
    // Rows may have come since the fingerprint was taken: those are exported by the next run.
    index.set(day, { ...written, fingerprint });
    target.onDay?.(done + 1, due.length);
  }
  const removed = [...before.keys()].filter((day) => !index.has(day));
  if (due.length > 0 || removed.length > 0) {
    // The index names what is whole, so the files reach the disk before it.
    await syncDays(due.map(({ day }) => dayFile(folder, table, day)));
    await writeIndex(folder, table, index);
  }
  await removeUnindexed(folder, table, index);
  return {
    written: due.map(({ day }) => day),
    removed,
    unchanged: days.length - due.length,
    rows: [...index.values()].reduce((sum, { rows }) => sum + rows, 0),
    index,
  };
}

import { DEFAULT_CONFIG } from "@recsys/contracts";
import type { ImportRow, WriteResult } from "./record.ts";
import type { ImportTarget } from "./target.ts";

/** A target in memory with the promises of the real ones: idempotent by event_id and ts, one result per row. */
export interface MemoryTarget extends ImportTarget {
  readonly rows: ImportRow[];
  timeOffsetDays: number;
  /** Number of writes; the n-th fails when `failAt` is n. */
  writes: number;
  failAt: number;
}

export function memoryTarget(): MemoryTarget {
  const seen = new Set<string>();
  const target: MemoryTarget = {
    name: "memory",
    rows: [],
    timeOffsetDays: 0,
    writes: 0,
    failAt: -1,
    read: (schema) =>
      Promise.resolve({
        config: { ...DEFAULT_CONFIG, schema },
        timeOffsetDays: target.timeOffsetDays,
      }),
    declare: () => Promise.resolve(),
    setTimeOffsetDays: (days) => {
      target.timeOffsetDays = days;
      return Promise.resolve();
    },
    write: (rows) => {
      if (++target.writes === target.failAt)
        return Promise.reject(new Error("the line is cut"));
      return Promise.resolve(
        rows.map(({ row }) => keep(row, { seen, kept: target.rows })),
      );
    },
    check: () => Promise.resolve([]),
  };
  return target;
}

function keep(
  row: ImportRow,
  { seen, kept }: { readonly seen: Set<string>; readonly kept: ImportRow[] },
): WriteResult {
  if (row.entity === "event") {
    const key = `${row.input.event_id ?? ""} ${row.input.ts ?? ""}`;
    if (seen.has(key)) return { status: "duplicate" };
    seen.add(key);
  }
  kept.push(row);
  return { status: "accepted" };
}

import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDuckDb, type DuckDb } from "../duckdb.ts";
import { textAt } from "../interactions/event-columns.ts";
import type { RowBatch } from "./lake-day.ts";
import { dayFile } from "./lake-day.ts";
import { readIndex } from "./lake-index.ts";
import { EVENTS } from "./lake-table.ts";
import { readLakeEvents } from "./read-events.ts";
import { syncTable, type DaySource } from "./sync-table.ts";

interface Row {
  readonly user: string;
  readonly item: string;
  readonly ts: number;
}

function batch(rows: readonly Row[]): RowBatch {
  return [
    rows.map((row) => BigInt(row.ts)),
    rows.map((row) => row.user),
    rows.map(() => "user"),
    rows.map(() => "purchase"),
    rows.map((row) => row.item),
    ...[1, 2, 3].map(() => rows.map(() => 1)),
    ...[1, 2, 3].map(() => rows.map(() => null)),
    rows.map(() => "France"),
    rows.map(() => null),
    rows.map((_, seq) => BigInt(seq)),
  ];
}

/** A source whose days are counted when they are read. */
function source(days: Readonly<Record<string, readonly Row[]>>) {
  const read: string[] = [];
  const daySource: DaySource = {
    days: () =>
      Promise.resolve(
        Object.entries(days).map(([day, rows]) => ({
          day,
          rows: rows.length,
          fingerprint: JSON.stringify(rows),
        })),
      ),
    readDay: async function* (day) {
      read.push(day);
      await Promise.resolve();
      yield batch(days[day] ?? []);
    },
  };
  return { daySource, read };
}

const first = Date.UTC(2026, 0, 1);
const second = Date.UTC(2026, 0, 2);
const days = {
  "2026-01-01": [
    { user: "u2", item: "b", ts: first + 5 },
    { user: "u1", item: "a", ts: first },
  ],
  "2026-01-02": [{ user: "u1", item: "b", ts: second }],
};

describe("events by day", () => {
  let folder = "";
  let duck: DuckDb;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "recsys-lake-"));
    duck = await openDuckDb();
  });
  afterEach(async () => {
    duck.close();
    await rm(folder, { recursive: true });
  });

  async function sync(
    given: Readonly<Record<string, readonly Row[]>>,
    more = {},
  ) {
    const { daySource, read } = source(given);
    const result = await syncTable(
      duck,
      { folder, table: EVENTS, ...more },
      daySource,
    );
    return { ...result, read };
  }

  it("are read back sorted by time from the days asked for", async () => {
    const { index } = await sync(days);
    const all = await readLakeEvents(duck, folder, { index, from: 0 });
    expect([...all.ts]).toEqual([first, first + 5, second]);
    expect(textAt(all.user, 1)).toBe("u2");
    expect(textAt(all.country, 0)).toBe("France");
    const later = await readLakeEvents(duck, folder, { index, from: second });
    expect(later.rowCount).toBe(1);
  });

  it("are written again only where something changed", async () => {
    await sync(days);
    const again = await sync(days);
    expect(again.read).toEqual([]);
    expect(again.unchanged).toBe(2);
    const changed = await sync({ ...days, "2026-01-02": [] });
    expect(changed.read).toEqual(["2026-01-02"]);
  });

  it("disappear when the source no longer has them", async () => {
    await sync(days);
    const rest = await sync({ "2026-01-02": days["2026-01-02"] });
    expect(rest.removed).toEqual(["2026-01-01"]);
    expect(await readdir(join(folder, "events"))).toEqual([
      "day=2026-01-02",
      "index.json",
    ]);
  });

  it("are exported again in the range of a backfill, with the same bytes", async () => {
    await sync(days);
    const path = dayFile(folder, EVENTS, "2026-01-02");
    const bytes = await readFile(path);
    const { read } = await sync(days, {
      backfill: { from: "2026-01-02", to: "2026-12-31" },
    });
    expect(read).toEqual(["2026-01-02"]);
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it("lose the left-overs of a killed run", async () => {
    await sync(days);
    await writeFile(`${dayFile(folder, EVENTS, "2026-01-01")}.x.part`, "half");
    await sync(days);
    expect(await readdir(join(folder, "events", "day=2026-01-01"))).toEqual([
      "rows.parquet",
    ]);
  });

  it("may be none at all", async () => {
    const { index, rows } = await sync({});
    expect(rows).toBe(0);
    const read = await readLakeEvents(duck, folder, { index, from: 0 });
    expect(read.rowCount).toBe(0);
    expect((await readIndex(folder, EVENTS)).size).toBe(0);
  });
});

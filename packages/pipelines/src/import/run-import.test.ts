import {
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryTarget } from "./memory-target.ts";
import { openFile } from "./open-file.ts";
import { runImport, type ImportOptions } from "./run-import.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-import-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Views of ten users; every `badEvery`-th line has no time. */
function views(rows: number, badEvery = Infinity): string {
  const lines = Array.from(
    { length: rows },
    (_, i) =>
      `u${i % 10},i${i % 97},view,${(i + 1) % badEvery === 0 ? "never" : 1_700_000_000 + i}`,
  );
  return ["user_id,item_id,type,ts", ...lines, ""].join("\n");
}

function options(
  more: Partial<ImportOptions> & Pick<ImportOptions, "target" | "paths">,
): ImportOptions {
  return {
    adapter: "csv",
    entity: "event",
    batchRows: 100,
    clock: () => NOW,
    ...more,
  };
}

function errorLines(
  path: string,
): { line: number; code: string; raw: string; path: string }[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .filter((l) => l !== "")
    .map((l) => JSON.parse(l) as never);
}

test("one bad row in a hundred: all good rows arrive, the bad ones are in the error file with their lines", async () => {
  const target = memoryTarget();
  const errorFile = join(folder, "errors.jsonl");
  const report = await runImport(
    options({ target, paths: [file("v.csv", views(5_000, 100))], errorFile }),
  );
  expect(target.rows).toHaveLength(4_950);
  expect(report.tally).toMatchObject({
    rows: 5_000,
    accepted: { event: 4_950 },
    rejected: { format: 50 },
    eventsByType: { view: 4_950 },
  });
  const errors = errorLines(errorFile);
  expect(errors.map((e) => e.line)).toEqual(
    Array.from({ length: 50 }, (_, i) => (i + 1) * 100 + 1),
  );
  expect(errors[0]).toMatchObject({
    code: "format",
    path: "/ts",
    raw: "u9,i2,view,never",
  });
  expect(report.ok).toBe(true);
});

test("a file of items says whose they are, what they earn and who pays", async () => {
  const target = memoryTarget();
  const content =
    "item_id,provider_id,margin,sponsored\nmug,potter,0.35,yes\ncup,,-0.1,\nbad,x,2,no\n";
  const paths = [file("items.csv", content)];
  await runImport(options({ target, paths, entity: "item" }));
  expect(target.rows.map(({ input }) => input)).toEqual([
    { item_id: "mug", provider_id: "potter", margin: 0.35, sponsored: true },
    { item_id: "cup", margin: -0.1 },
  ]);
});

test("gzip, a byte order mark and CRLF are read like the plain file", async () => {
  const target = memoryTarget();
  const content = `\ufeff${views(50).replaceAll("\n", "\r\n")}`;
  await runImport(
    options({ target, paths: [file("v.csv.gz", gzipSync(content))] }),
  );
  expect(target.rows).toHaveLength(50);
  expect(target.rows[0]).toMatchObject({
    input: { user_id: "u0", item_id: "i0" },
  });
});

test("an interrupted import goes on after the last written batch: nothing twice, nothing lost, one line per error", async () => {
  const target = memoryTarget();
  const paths = [file("v.csv", views(1_000, 90))];
  const errorFile = join(folder, "errors.jsonl");
  const progressFolder = join(folder, "progress");
  const asked = options({ target, paths, errorFile, progressFolder });
  target.failAt = 5;
  await expect(runImport(asked)).rejects.toThrow("the line is cut");
  expect(target.rows).toHaveLength(400);
  const report = await runImport(asked);
  expect(report.resumed).toBe(true);
  expect(target.rows).toHaveLength(989);
  expect(report.tally).toMatchObject({
    rows: 1_000,
    accepted: { event: 989 },
    duplicate: { event: 0 },
    rejected: { format: 11 },
  });
  expect(errorLines(errorFile).map((e) => e.line)).toEqual(
    Array.from({ length: 11 }, (_, i) => (i + 1) * 90 + 1),
  );
});

test("importing a complete file again finds only duplicates", async () => {
  const target = memoryTarget();
  const asked = options({
    target,
    paths: [file("v.csv", views(300))],
    progressFolder: folder,
  });
  await runImport(asked);
  const again = await runImport(asked);
  expect(again.resumed).toBe(false);
  expect(again.tally).toMatchObject({
    accepted: { event: 0 },
    duplicate: { event: 300 },
  });
});

test("a dry run counts and writes the error file, and nothing else", async () => {
  const target = memoryTarget();
  const errorFile = join(folder, "errors.jsonl");
  const paths = [file("v.csv", views(200, 50))];
  const report = await runImport(
    options({
      target,
      paths,
      errorFile,
      dryRun: "compare",
      progressFolder: join(folder, "p"),
    }),
  );
  expect(target.rows).toEqual([]);
  expect(report.tally).toMatchObject({
    accepted: { event: 196 },
    rejected: { format: 4 },
  });
  expect(errorLines(errorFile)).toHaveLength(4);
  expect(existsSync(join(folder, "p"))).toBe(false);
});

test("the evidence file holds counts, hashes and the checks", async () => {
  const evidenceFile = join(folder, "evidence.json");
  await runImport(
    options({
      target: memoryTarget(),
      paths: [file("v.csv", views(20))],
      evidenceFile,
    }),
  );
  expect(JSON.parse(readFileSync(evidenceFile, "utf8"))).toMatchObject({
    adapter: "csv",
    files: [{ name: "v.csv", table: "events" }],
    tally: {
      eventsByIdentity: { user: 20 },
      firstTs: "2023-11-14T22:13:20.000Z",
    },
    ok: true,
  });
});

test("times shift by whole weeks to now, and a later file of the tenant by the same", async () => {
  const target = memoryTarget();
  const report = await runImport(
    options({ target, paths: [file("v.csv", views(20))], shiftToNow: true }),
  );
  expect(report.timeOffsetDays % 7).toBe(0);
  expect(report.tally.lastTs?.slice(0, 10)).toBe("2026-11-17");
  const later = await runImport(
    options({ target, paths: [file("w.csv", views(5))], shiftToNow: true }),
  );
  expect(later.timeOffsetDays).toBe(report.timeOffsetDays);
});

test.each([
  ["future", "u1,i1,view,2026-11-22T00:00:00Z"],
  ["too_old", "u1,i1,view,1970-01-02T00:00:00Z"],
  ["unknown_event_type", "u1,i1,sneeze,2026-11-20T00:00:00Z"],
  ["required", ",i1,view,2026-11-20T00:00:00Z"],
  ["field_count", "u1,i1,view"],
  ["csv_quote", '"u1"x,i1,view,2026-11-20T00:00:00Z'],
  ["required", "u1,i1,return,1700000000"],
])("a row is rejected as %s", async (code, line) => {
  const report = await runImport(
    options({
      target: memoryTarget(),
      paths: [file("v.csv", `user_id,item_id,type,ts\n${line}\n`)],
    }),
  );
  expect(report.tally.rejected).toEqual({ [code]: 1 });
});

test.each([
  ["a.xlsx", Buffer.from("PK\u0003\u0004rest"), "spreadsheet"],
  ["a.csv", Buffer.from("\ufeffuser_id", "utf16le"), "UTF-16"],
  ["a.csv", Buffer.alloc(0), "empty"],
  ["a.csv", Buffer.from("a,b,a\n1,2,3\n"), "twice"],
  ["a.csv.gz", gzipSync(views(20_000)).subarray(0, 5_000), "reading it failed"],
])(
  "%s with the wrong content is refused in one sentence",
  async (name, content, said) => {
    await expect(
      runImport(
        options({ target: memoryTarget(), paths: [file(name, content)] }),
      ),
    ).rejects.toThrow(said);
  },
);

test("JSONL and Parquet give the same events as CSV", async () => {
  const rows = Array.from({ length: 7 }, (_, i) => ({
    user_id: `u${i}`,
    item_id: "a",
    type: "view",
    ts: 1_700_000_000 + i,
  }));
  const text = file(
    "v.jsonl",
    rows.map((row) => JSON.stringify(row)).join("\n"),
  );
  const path = join(folder, "v.parquet");
  const { openDuckDb } = await import("../duckdb.ts");
  const db = await openDuckDb();
  await db.run(
    `copy (select * from read_json('${text}')) to '${path}' (format parquet)`,
  );
  db.close();
  expect((await openFile({ path })).format).toBe("parquet");
  const kept = [];
  for (const [adapter, from] of [
    ["jsonl", text],
    ["parquet", path],
  ] as const) {
    const target = memoryTarget();
    await runImport(options({ target, adapter, paths: [from] }));
    kept.push(
      target.rows.map((row) =>
        row.entity === "event" ? [row.input.user_id, row.input.ts] : [],
      ),
    );
  }
  expect(kept[0]).toHaveLength(7);
  expect(kept[1]).toEqual(kept[0]);
});

test("a folder of a known set is loaded items first", async () => {
  file(
    "transactions.csv",
    "invoice_no,stock_code,quantity,invoice_time,unit_price,customer_id,country\n536365,85123A,6,2010-12-01T08:26:00,2.55,17850,France\n",
  );
  file(
    "items.csv",
    "stock_code,description,median_unit_price,n_purchase_lines,first_seen,last_seen\n85123A,HOLDER,2.55,1,2010-12-01T08:26:00,2010-12-01T08:26:00\n",
  );
  const target = memoryTarget();
  await runImport({
    adapter: "online-retail",
    target,
    paths: [folder],
    clock: () => NOW,
  });
  expect(target.rows.map((row) => row.entity)).toEqual([
    "item",
    "user",
    "event",
  ]);
});

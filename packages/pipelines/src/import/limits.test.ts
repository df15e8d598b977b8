import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDuckDb, sqlText } from "../duckdb.ts";
import { MAX_COLUMNS, MAX_FIELD_CHARACTERS } from "./limits.ts";
import { memoryTarget } from "./memory-target.ts";
import { runImport, type ImportOptions } from "./run-import.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-limits-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function load(path: string, more: Partial<ImportOptions> = {}) {
  const target = memoryTarget();
  const problems: string[] = [];
  let largest = 0;
  const report = await runImport({
    adapter: path.includes("jsonl") ? "jsonl" : "csv",
    entity: "event",
    paths: [path],
    target: {
      ...target,
      write: (rows) => {
        const characters = rows.reduce((sum, { raw }) => sum + raw.length, 0);
        largest = Math.max(largest, characters);
        return target.write(rows);
      },
    },
    clock: () => Date.parse("2026-11-21T08:00:00Z"),
    onNotLoaded: ({ line, path: field, code }) => {
      problems.push(`${line} ${field} ${code}`);
    },
    ...more,
  });
  return { report, problems, largest, rows: target.rows };
}

const HEADER = "user_id,item_id,type,ts,context.note\n";
const row = (note: string) => `u,i,view,1700000000,${note}\n`;
const MAPPING = {
  mapping: { "context.note": "context.note:string" },
};

describe("an archive that unpacks to far more than a table", () => {
  const zeros = () => gzipSync(Buffer.alloc(200 * 1024 * 1024));
  it.each(["zeros.csv.gz", "zeros.jsonl.gz"])(
    "ends in one sentence (%s)",
    async (name) => {
      await expect(load(file(name, zeros()))).rejects.toMatchObject({
        code: "UPLOAD_INVALID",
        message: expect.stringMatching(
          name.includes("csv")
            ? /first line .* longer than 1,048,576 characters/
            : /unpacks to more than 100 times its size/,
        ) as string,
      });
    },
  );

  it("also where it begins like one", async () => {
    const path = file(
      "late.csv.gz",
      gzipSync(
        Buffer.concat([
          Buffer.from(HEADER + row("good")),
          Buffer.alloc(200 * 1024 * 1024),
        ]),
      ),
    );
    await expect(load(path, MAPPING)).rejects.toThrow(
      "it unpacks to more than 100 times its size",
    );
  });
});

describe("a file beyond the limits of the settings", () => {
  it("ends with the setting's name, by bytes and by rows, packed or not", async () => {
    const text = HEADER + row("x").repeat(1000);
    const bytes = { limits: { bytes: 10_000, rows: 1e6 }, ...MAPPING };
    for (const path of [
      file("a.csv", text),
      file("a.csv.gz", gzipSync(text)),
    ]) {
      await expect(load(path, bytes)).rejects.toThrow(/RECSYS_IMPORT_MAX_MB/);
    }
    const rows = { limits: { bytes: 1e9, rows: 999 }, ...MAPPING };
    await expect(load(file("b.csv", text), rows)).rejects.toThrow(
      "it has more than 999 rows (RECSYS_IMPORT_MAX_ROWS)",
    );
  });
});

describe("what is too long in a file", () => {
  it("is one rejected row when it is a line of 100 MB", async () => {
    const long = Buffer.alloc(100 * 1024 * 1024, "abcdefgh");
    const csv = file(
      "long.csv.gz",
      gzipSync(
        Buffer.concat([
          Buffer.from(HEADER + row("a")),
          long,
          Buffer.from(`\n${row("b")}`),
        ]),
        { level: 0 },
      ),
    );
    const { rows, problems } = await load(csv);
    expect(rows).toHaveLength(2);
    expect(problems).toEqual(["3  too_long"]);
  });

  it("is a rejected field with its name", async () => {
    const long = "x".repeat(MAX_FIELD_CHARACTERS + 1);
    const path = file("field.csv", HEADER + row(long) + row("fine"));
    const { rows, problems } = await load(path);
    expect(rows).toHaveLength(1);
    expect(problems).toEqual(["2 /context.note too_long"]);
  });

  it("is a rejected field of Parquet, too", async () => {
    const path = join(folder, "field.parquet");
    const duck = await openDuckDb();
    await duck.run(
      `copy (select 'u' as user_id, repeat('i', ${MAX_FIELD_CHARACTERS + 1}) as item_id,
                    'view' as type, 1700000000 as ts)
         to ${sqlText(path)} (format parquet)`,
    );
    duck.close();
    const { rows, problems } = await load(path, { adapter: "parquet" });
    expect(rows).toEqual([]);
    expect(problems).toEqual(["1 /item_id too_long"]);
  });

  it("is an error when it is the number of columns", async () => {
    const names = Array.from({ length: MAX_COLUMNS + 1 }, (_, n) => `c${n}`);
    await expect(
      load(file("wide.csv", `${names.join(",")}\n`)),
    ).rejects.toThrow("it has 1001 columns, the most is 1000");
    const wide = JSON.stringify(
      Object.fromEntries(names.map((name) => [name, 1])),
    );
    const { problems } = await load(file("wide.jsonl", `${wide}\n`));
    expect(problems).toEqual(["1  too_many_fields"]);
  });
});

describe("memory", () => {
  it("holds a batch of bounded text however long the rows are", async () => {
    const note = "x".repeat(60_000);
    const path = file("rows.csv", HEADER + row(note).repeat(400));
    const { rows, largest } = await load(path, { ignore: ["context.note"] });
    expect(rows).toHaveLength(400);
    expect(largest).toBeLessThan(9 * 1024 * 1024);
  });
});

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryTarget } from "./memory-target.ts";
import { runImport, type ImportOptions } from "./run-import.ts";

const NOW = Date.parse("2026-11-21T08:00:00Z");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-sound-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
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

test("rows that are not UTF-8 are rejected with their line: two ids never become one", async () => {
  const target = memoryTarget();
  const rows = [
    "event_id,user_id,item_id,type,ts",
    "e\xe91,u\xe9,i,view,1700000000",
    "e\xea1,u\xea,i,view,1700000000",
  ];
  const kept = Buffer.from("e3,u\ufffd,i,view,1700000000\n");
  const latin = Buffer.from(`${rows.join("\n")}\n`, "latin1");
  const paths = [file("latin.csv", Buffer.concat([latin, kept]))];
  const errorFile = join(folder, "errors.jsonl");
  const report = await runImport(options({ target, paths, errorFile }));
  expect(report.tally).toMatchObject({
    accepted: { event: 1 },
    duplicate: { event: 0 },
    rejected: { not_utf8: 2 },
  });
  expect(errorLines(errorFile)).toMatchObject([
    { line: 2, code: "not_utf8", raw: "e\ufffd1,u\ufffd,i,view,1700000000" },
    { line: 3, code: "not_utf8" },
  ]);
  expect(target.rows[0]?.input).toMatchObject({ user_id: "u\ufffd" });
});

test("a JSON line that is not UTF-8 is rejected, and a CSV header refused", async () => {
  const line = `{"user_id":"u\xe9","item_id":"i","type":"view","ts":1700000000}\n`;
  const report = await runImport(
    options({
      adapter: "jsonl",
      target: memoryTarget(),
      paths: [file("latin.jsonl", Buffer.from(line, "latin1"))],
    }),
  );
  expect(report.tally.rejected).toEqual({ not_utf8: 1 });
  const header = file("h.csv", Buffer.from("us\xe9r_id\n", "latin1"));
  await expect(
    runImport(options({ target: memoryTarget(), paths: [header] })),
  ).rejects.toThrow("The header of the CSV file is not UTF-8");
});

test.each(["__proto__", "attributes.__proto__"])(
  "a column %s is refused, not lost",
  async (column) => {
    for (const [adapter, content] of [
      ["csv", `item_id,${column}\ni,x\n`],
      ["jsonl", `{"item_id":"i","${column}":"x"}\n`],
    ] as const) {
      const paths = [file(`odd.${adapter}`, content)];
      const asked = { adapter, entity: "item", paths } as const;
      await expect(
        runImport(options({ ...asked, target: memoryTarget() })),
      ).rejects.toMatchObject({
        code: "UPLOAD_INVALID",
        message: expect.stringContaining(`"${column}"`) as string,
      });
    }
  },
);

test.each([
  [["user_id", "nothing"], 'sends the column "user_id" to "nothing"'],
  [["nobody", "session_id"], 'names the column "nobody", which is not there'],
  [["__proto__", "session_id"], 'names the column "__proto__"'],
])("a mapping %j is refused", async (pair, message) => {
  const paths = [file("v.csv", "user_id,item_id,type,ts\n")];
  const mapping = Object.fromEntries([pair]) as Record<string, string>;
  await expect(
    runImport(options({ target: memoryTarget(), paths, mapping })),
  ).rejects.toThrow(`The mapping ${message}`);
});

test("what a header would do to a terminal is written out", async () => {
  const paths = [file("v.csv", "\u001b[2Jgone\nx\n")];
  await expect(
    runImport(options({ target: memoryTarget(), paths })),
  ).rejects.toThrow('The column "\\u{1b}[2Jgone" is no field');
});

test("a pipe is no file, and nobody waits for its end", async () => {
  const path = join(folder, "pipe.csv");
  execFileSync("mkfifo", [path]);
  await expect(
    runImport(options({ target: memoryTarget(), paths: [path] })),
  ).rejects.toThrow("it is not a file");
});

test("a file that changes while it is imported fails the import", async () => {
  const row = "u,i,view,1700000000\n";
  const path = file("v.csv", `user_id,item_id,type,ts\n${row}`);
  const onProgress = () => {
    appendFileSync(path, row);
  };
  await expect(
    runImport(options({ target: memoryTarget(), paths: [path], onProgress })),
  ).rejects.toThrow("it changed while it was imported");
});

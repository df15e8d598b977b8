import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../tests/support/database.ts";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

let database: TestDatabase;
let home = "";
beforeAll(async () => {
  database = await testDatabase();
  home = mkdtempSync(join(tmpdir(), "recsys-mistakes-"));
  await said("tenants", "create", "shop");
});
afterAll(async () => {
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

/** What a command line that is refused says. */
async function said(...args: string[]): Promise<string> {
  const io = silentIo({
    RECSYS_HOME: home,
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  await runCli(args, io);
  return io.notes.join("\n");
}

test.each([
  [["replay", "nosuch"], /'nosuch' is invalid.*request_id.*An id such as/],
  [["keys", "revoke", "nosuch"], /'nosuch' is invalid.*key_id/],
  [["replay", "--sample", "1", "--seed", "x"], /'x' is invalid.*A number/],
  [
    ["eval", "offline", "nosuch.csv", "--metrics", "f_mesure@20,ndcg"],
    /no metric f_mesure; known: .*; ndcg needs a cut/,
  ],
])("%j is a mistake of the command line", async (args, words) => {
  const text = await said(...args);
  expect(text).toMatch(words);
  expect(text).not.toMatch(/INTERNAL|\n +at /);
});

test("a metric that a gate misspells is told before any data is read", async () => {
  const gate = join(home, "gate.json");
  const primary = {
    metric: "ndgc@20",
    non_inferiority_margin: 0,
    unit: "relative",
    requires: "better",
  };
  writeFileSync(
    gate,
    JSON.stringify({
      min_users: 1,
      primary,
      guardrails: [],
      without_baseline: "hold",
    }),
  );
  expect(
    await said("eval", "offline", "nosuch.csv", "--split", "2026-01-01"),
  ).toContain("no such file");
  expect(
    await said(
      ...["eval", "offline", "nosuch.csv", "--split", "2026-01-01"],
      ...["--gate", gate],
    ),
  ).toMatch(/^recsys: INVALID_REQUEST: .*gate[.]json: there is no metric ndgc/);
});

test.each([
  [
    ["import", "nosuch.csv"],
    "nosuch.csv: there is no such file.",
    `Check the path; a relative one starts at ${process.cwd()}.`,
  ],
  [
    ["eval", "offline", "nosuch.csv", "--split", "2026-01-01"],
    "nosuch.csv: there is no such file.",
    `Check the path; a relative one starts at ${process.cwd()}.`,
  ],
  [
    ["eval", "offline", "--train", "nosuch.csv", "--test", "other.csv"],
    "nosuch.csv: there is no such file.",
    `Check the path; a relative one starts at ${process.cwd()}.`,
  ],
  [
    ["import", "apps"],
    "apps: the adapter csv looks for single files, not a folder.",
    "Name the files, or with --adapter the known set that the folder holds.",
  ],
  [
    ["import", "examples/online-retail/items.csv.gz"],
    "examples/online-retail/items.csv.gz: say what it holds with --type items, users, events, exposures or outcomes.",
    null,
  ],
  [
    ["manifest", "activate", "99-zzz"],
    "There is no manifest 99-zzz in default.",
    "`recsys manifest list` shows those there are.",
  ],
  [
    ["eval", "offline"],
    "Give files and --split <date>, or --train and --test.",
    null,
  ],
])(
  "%j says what happened, and what to do where that does not",
  async (args, detail, fix) => {
    const [first = "", second] = (await said(...args)).split("\n");
    expect(first.replace(/^recsys: [A-Z_]+: /, "")).toBe(detail);
    expect(second).toBe(fix === null ? undefined : `  What to do: ${fix}`);
  },
);

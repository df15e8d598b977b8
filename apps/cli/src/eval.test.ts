import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-eval-"));
  writeFileSync(join(folder, "train.csv"), rows(0));
  writeFileSync(join(folder, "test.csv"), rows(1));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Sixty people of two tastes; each half of what they buy goes to one of the files. */
function rows(half: number): string {
  const lines = Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 6 }, (_, i) => {
      const item = (user % 2) * 12 + ((user * 5 + i * 2 + half) % 12);
      return `u${user},i${item},${1_700_000_000 + half * 1000 + i}`;
    }),
  );
  return ["user_id,item_id,timestamp", ...lines.flat(), ""].join("\n");
}

async function evaluate(...more: string[]) {
  const io = silentIo({});
  const files = [
    "--train",
    join(folder, "train.csv"),
    "--test",
    join(folder, "test.csv"),
  ];
  const code = await runCli(
    ["eval", "offline", ...files, "--k", "5", "--resamples", "50", ...more],
    io,
  );
  return { code, ...io };
}

function gateFile(primary: object, more: object = {}): string {
  const path = join(folder, "gate.json");
  const thresholds = {
    min_users: 10,
    primary,
    guardrails: [],
    without_baseline: "ship",
    ...more,
  };
  writeFileSync(path, JSON.stringify(thresholds));
  return path;
}

const NDCG = {
  metric: "ndcg@5",
  non_inferiority_margin: 0.1,
  unit: "relative",
  requires: "non-inferior",
};

test("without a gate a measurement ends with 0 and its report in three forms", async () => {
  const out = join(folder, "report");
  const { code, notes } = await evaluate(
    "--metrics",
    "ndcg@5,recall@5",
    "--out",
    out,
    "--baseline",
    "popularity",
  );
  expect(notes.filter((note) => !note.startsWith("written: "))).toEqual([]);
  expect(code).toBe(0);
  expect(
    JSON.parse(readFileSync(join(out, "report.json"), "utf8")),
  ).toMatchObject({ kind: "offline", users: { scored: 60 } });
  expect(readFileSync(join(out, "report.md"), "utf8")).toContain("ndcg@5");
  const page = readFileSync(join(out, "report.html"), "utf8");
  expect(page).toContain("<svg");
  expect(page).not.toMatch(/<script|src="http|href="http/);
});

test("the gate decides the exit code: 0 ship, 2 hold, 3 fail", async () => {
  const metrics = ["--metrics", "ndcg@5,hit@5"];
  const gate = (path: string) => evaluate(...metrics, "--gate", path);
  expect((await gate(gateFile(NDCG))).code).toBe(0);
  expect((await gate(gateFile(NDCG, { without_baseline: "hold" }))).code).toBe(
    2,
  );
  const guardrails = [{ metric: "hit@5", at_least: 1.01 }];
  expect((await gate(gateFile(NDCG, { guardrails }))).code).toBe(3);
});

test("test rows without a user to judge are an error that says where the rows lie in time", async () => {
  const strangers = join(folder, "strangers.csv");
  writeFileSync(strangers, "user_id,item_id,timestamp\nzoe,i1,1800000000\n");
  const { code, notes } = await evaluate("--test", strangers);
  expect(code).toBe(1);
  expect(notes).toEqual([
    "recsys: INVALID_REQUEST: No user of the test rows has a history and then something new: 360 rows train (2023-11-14 to 2023-11-14), 1 test (2027-01-15 to 2027-01-15).",
    expect.stringContaining("What to do: Give files that share their users"),
  ]);
});

test("an error ends with 1 and says what to give", async () => {
  const io = silentIo({});
  expect(await runCli(["eval", "offline"], io)).toBe(1);
  expect(io.notes.join("\n")).toMatch(/INVALID_REQUEST[^]*--split/);
  expect((await evaluate("--source", "magic")).notes.join("\n")).toContain(
    "magic",
  );
});

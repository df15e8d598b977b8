import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recsys-selftest-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function selftest(...more: string[]) {
  const io = silentIo({});
  const code = await runCli(["eval", "selftest", ...more], io);
  return { code, lines: io.lines, notes: io.notes.join("\n") };
}

function write(name: string, content: object): void {
  writeFileSync(join(folder, name), JSON.stringify(content));
}

test("recomputes every check value that ships", async () => {
  const { code, lines } = await selftest();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\d\d+ passed, 0 failed$/);
  expect(code).toBe(0);
});

test("says where another folder expects something else, and fails", async () => {
  const counts = { counts: [50, 50], ratios: [1, 1] };
  write("srm.json", {
    file: "srm_chi_square",
    tolerance_absolute: 1e-9,
    cases: [
      { name: "even", input: counts, expected: { chi2: 0, df: 1, p: 1 } },
      { name: "odd", input: counts, expected: { chi2: 0.5, df: 1 } },
      { name: "broken", input: {}, expected: { df: 1 } },
    ],
  });
  const { code, lines } = await selftest("--vectors", folder);
  expect(lines).toEqual([
    "srm_chi_square, odd: chi2 expected 0.5, computed 0, off by 5.00e-1",
    'srm_chi_square, broken: expected {"df":1}, computed "Error: counts is not a list"',
    "1 passed, 2 failed",
  ]);
  expect(code).toBe(3);
});

test("names a folder that cannot be read", async () => {
  const { code, notes } = await selftest("--vectors", join(folder, "nosuch"));
  expect(code).toBe(1);
  expect(notes).toMatch(/nosuch/);
});

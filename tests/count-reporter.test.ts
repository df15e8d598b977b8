import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

const TESTS = {
  "good.test.mjs": `import { test } from "vitest";
    test("a", () => undefined);
    test["skip"]("b", () => undefined);`,
  "bad.test.mjs": `import { test } from "vitest";
    test("c", () => undefined);
    test("d", () => { throw new Error("no"); });`,
  "broken.test.mjs": `import "./not-there.mjs";`,
};

test("npm run check counts the tests, a file that does not load as one that failed, and prints no path of its own", () => {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "recsys-count-"));
  const report = join(mkdtempSync(join(tmpdir(), "recsys-count-")), "r.json");
  try {
    for (const [name, text] of Object.entries(TESTS))
      writeFileSync(join(folder, name), text);
    const { stdout } = spawnSync(
      "vitest",
      [
        ...["run", "--root", folder, "--reporter=default"],
        `--reporter=${join(root, "scripts/count-reporter.mjs")}`,
      ],
      {
        encoding: "utf8",
        env: { ...process.env, VERIFY_COUNTS: report },
        shell: process.platform === "win32",
      },
    );
    expect(JSON.parse(readFileSync(report, "utf8"))).toEqual({
      passed: 2,
      failed: 2,
      skipped: 1,
    });
    expect(stdout).not.toContain(report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(report, ".."), { recursive: true, force: true });
  }
});

// All checks and tests, each counted; the last line is `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [scope = "all", ...testArgs] = process.argv.slice(2);

const CHECKS = [
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["types of the pure packages", "tsc", ["-p", "tsconfig.pure.json"]],
  ["types", "tsc", ["-p", "tsconfig.json"]],
  [
    "lint",
    "eslint",
    [
      ".",
      "--max-warnings",
      "0",
      "--cache",
      "--cache-location",
      "node_modules/.cache/eslint/",
    ],
  ],
  ["boundaries", "npm", ["run", "--silent", "boundaries"]],
  ["dead code", "knip", []],
];

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const [name, command, args] of CHECKS) runCheck({ name, command, args });
runTests();
if (totals.skipped > 0) console.log(`${totals.skipped} skipped`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 ? 0 : 1;

function runCheck({ name, command, args }) {
  const started = process.hrtime.bigint();
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const passed = done.status === 0;
  totals[passed ? "passed" : "failed"]++;
  console.log(`${passed ? "✓" : "✗"} ${name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(`${done.stdout ?? ""}${done.stderr ?? ""}`);
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "recsys-verify-"));
  const report = join(folder, "report.json");
  const projects = scope === "fast" ? ["--project", "pure"] : [];
  const args = [
    "run",
    ...projects,
    "--reporter=default",
    `--reporter=${join(root, "scripts/count-reporter.mjs")}`,
    ...testArgs,
  ];
  const done = spawnSync("vitest", args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, VERIFY_COUNTS: report },
    shell: process.platform === "win32",
  });
  count(report, done.status);
  rmSync(folder, { recursive: true, force: true });
}

function count(report, status) {
  try {
    const counts = JSON.parse(readFileSync(report, "utf8"));
    for (const kind of Object.keys(totals)) totals[kind] += counts[kind];
  } catch {
    console.log("✗ the tests ended without a report");
    totals.failed++;
    return;
  }
  // An error outside a test.
  if (status !== 0 && totals.failed === 0) totals.failed++;
}

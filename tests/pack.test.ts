import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "./support/database.ts";
import { lockTarballs } from "./support/empty-install.ts";
import { untilGone } from "./support/home-processes.ts";
import { temporaryHome } from "./support/product.ts";
import { items, SHOP } from "./support/shop.ts";
import { twoCampPurchases } from "./support/two-camps.ts";

const root = join(import.meta.dirname, "..");
const folder = temporaryHome();
const home = temporaryHome();
let database: TestDatabase;

/** Packing compiles everything and npm unpacks 130 packages: half a minute, several on a busy machine. */
beforeAll(async () => {
  database = await testDatabase();
  run(process.execPath, ["scripts/pack.mjs", folder.path], { cwd: root });
  lockTarballs(folder.path);
  run("npm", ["ci", "--prefer-offline", ...QUIET], { cwd: folder.path });
}, 400_000);

const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund"];

afterAll(async () => {
  folder.remove();
  home.remove();
  await database.drop();
});

test("the installed command knows its help and its version", () => {
  expect(recsys({}, "--help")).toContain("recommendation platform");
  expect(recsys({}, "version")).toContain("recsys 0.1.0");
}, 60_000);

test("the installed command starts its own database with all migrations, and stops it", async () => {
  expect(recsys({}, "tenants", "list", "--json").trim()).toBe("[]");
  await untilGone(home.path);
}, 120_000);

test("the installed command imports and learns in its threads", () => {
  const settings = database.environment;
  recsys(settings, "tenants", "create", SHOP);
  const rows = { items: items(40), events: twoCampPurchases(Date.now()) };
  for (const [type, some] of Object.entries(rows)) {
    const file = join(folder.path, `${type}.jsonl`);
    writeFileSync(file, some.map((row) => JSON.stringify(row)).join("\n"));
    recsys(settings, "import", file, "--adapter", "jsonl", "--type", type);
  }
  const learned = recsys(settings, "pipelines", "run");
  expect(learned).toContain("live: manifest 1-");
}, 180_000);

function recsys(settings: NodeJS.ProcessEnv, ...args: string[]): string {
  return run("npx", ["--no-install", "recsys", ...args], {
    cwd: folder.path,
    env: { RECSYS_HOME: home.path, RECSYS_TENANT: SHOP, ...settings },
  });
}

function run(
  command: string,
  args: readonly string[],
  at: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): string {
  const done = spawnSync(command, args, {
    cwd: at.cwd,
    encoding: "utf8",
    env: { ...process.env, ...at.env },
  });
  expect(done.status, `${command} ${args.join(" ")}: ${done.stderr}`).toBe(0);
  return done.stdout;
}

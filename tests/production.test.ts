import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "./support/database.ts";
import { blockFor, startReader } from "./support/guide.ts";
import { freePort, runTool, temporaryHome } from "./support/product.ts";
import { items } from "./support/shop.ts";
import { twoCampPurchases } from "./support/two-camps.ts";

const home = temporaryHome();
let database: TestDatabase;
let reader: ChildProcess;
let url = "";
let output = "";

/** The page's commands, on the database of this test, with what does not end in the background. */
beforeAll(async () => {
  database = await testDatabase();
  const commands = blockFor(
    "tests/production.test.ts",
    "docs/getting-started.md",
  )
    .replaceAll(/^export DATABASE_.*\n/gm, "")
    .replaceAll(/(-- (?:serve|worker)\b).*$/gm, "$1 &");
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  reader = startReader(
    home.path,
    {
      ...process.env,
      ...database.environment,
      RECSYS_HOME: home.path,
      PORT: String(port),
    },
    `${commands}\nwait`,
  );
  for (const stream of [reader.stdout, reader.stderr]) {
    stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  }
  await untilReady();
}, 120_000);

afterAll(async () => {
  const closed = new Promise((resolve) => reader.once("close", resolve));
  process.kill(-(reader.pid ?? 0), "SIGTERM");
  await closed;
  await database.drop();
  home.remove();
}, 60_000);

test("what the page says of production serves those with a key, and nobody else", async () => {
  const key = /rsk_[\w-]+/.exec(output)?.[0] ?? "";
  expect(await statusOf({ Authorization: `Bearer ${key}` })).toBe(200);
  expect(await statusOf({ "X-Org-Id": "shop" })).toBe(401);
  expect(await statusOf({ Authorization: "Bearer rsk_guess" })).toBe(401);
});

test("rows sent to the service by the tool are what a run learns from and lists then show", async () => {
  const key = /rsk_[\w-]+/.exec(output)?.[0] ?? "";
  const headers = { Authorization: `Bearer ${key}` };
  await importOver(key, "items", items(40));
  const purchases = twoCampPurchases(Date.now());
  await importOver(key, "events", purchases);
  const again = await importOver(key, "events", purchases);
  expect(again.tally.duplicate.event).toBe(purchases.length);

  const runs = `${url}/v1/admin/pipelines/runs`;
  const json = { ...headers, "Content-Type": "application/json" };
  const started = await fetch(runs, {
    method: "POST",
    headers: json,
    body: "{}",
  });
  expect(started.status).toBe(202);
  await expect
    .poll(
      async () => {
        const { items, meta } = await listOf(json, "camp-1");
        return meta.manifest_version !== null && items.length > 0;
      },
      { timeout: 60_000, interval: 250 },
    )
    .toBe(true);
}, 120_000);

interface Report {
  readonly tally: { readonly duplicate: { readonly event: number } };
}

/** Sends rows as a shop would that has no way into the database. */
async function importOver(
  key: string,
  type: string,
  rows: readonly object[],
): Promise<Report> {
  const file = join(home.path, `${type}.jsonl`);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
  const { code, stdout, stderr } = await runTool(
    ["import", file, "--adapter", "jsonl", "--type", type].concat([
      "--url",
      url,
      "--tenant",
      "shop",
      "--json",
    ]),
    { PATH: process.env["PATH"], RECSYS_API_KEY: key, RECSYS_HOME: home.path },
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

async function listOf(
  headers: Record<string, string>,
  userId: string,
): Promise<{
  readonly items: readonly object[];
  readonly meta: { readonly manifest_version: string | null };
}> {
  const body = JSON.stringify({ surface: "home", user: { user_id: userId } });
  const answer = await fetch(`${url}/v1/recommend`, {
    method: "POST",
    headers,
    body,
  });
  return (await answer.json()) as Awaited<ReturnType<typeof listOf>>;
}

async function statusOf(headers: Record<string, string>): Promise<number> {
  const answer = await fetch(`${url}/v1/recommend`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ surface: "home" }),
  });
  return answer.status;
}

/** The worker is up as well: its remark comes when it waits for work. */
async function untilReady(): Promise<void> {
  for (const end = performance.now() + 100_000; performance.now() < end;) {
    if (reader.exitCode !== null) throw new Error(`it ended: ${output}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok === true && output.includes("working;")) return;
    await pause(100);
  }
  throw new Error(`not ready: ${output}`);
}

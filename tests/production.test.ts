import type { ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "./support/database.ts";
import { blockFor, startReader } from "./support/guide.ts";
import { freePort, temporaryHome } from "./support/product.ts";

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

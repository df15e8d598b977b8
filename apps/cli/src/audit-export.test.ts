import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DecisionRecord } from "@recsys/contracts";
import {
  newDecision,
  requestIdAt,
} from "../../../packages/store/test/support/new-decision.ts";
import { openStore, shipDecisions } from "@recsys/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../tests/support/database.ts";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

const NOW = Date.now();
let database: TestDatabase;
let folder = "";
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "recsys-audit-"));
  await recsys("tenants", "create", "acme");
  const store = openStore({ appUrl: database.appUrl });
  const request = newDecision({ request_id: requestIdAt(NOW) }).request;
  await store.inTenant("acme", (tx) =>
    shipDecisions(
      tx,
      "default",
      Array.from({ length: 300 }, (_, n) =>
        newDecision({
          request_id: requestIdAt(NOW - n, n),
          subject: "pu-ann",
          request: { ...request, surface: n % 3 === 0 ? "cart" : "home" },
        }),
      ),
    ),
  );
  await store.close();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function recsys(...args: string[]) {
  const io = silentIo({
    RECSYS_HOME: join(folder, "home"),
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  const code = await runCli(args, io);
  return { ...io, code };
}

test("decisions are exported as JSON lines or Parquet: filtered, newest first, people hashed", async () => {
  const lines = join(folder, "decisions.ndjson");
  const table = join(folder, "new", "decisions.parquet");
  const place = ["--tenant", "acme", "--surface", "cart"];
  const wanted = ["audit", "export", ...place, "--purpose", "a complaint"];
  expect(await recsys(...wanted, "--out", lines)).toMatchObject({
    code: 0,
    lines: [`100 decisions: ${lines}`],
  });
  const parquet = await recsys(
    ...wanted,
    "--format",
    "parquet",
    "--out",
    table,
  );
  expect(parquet.lines).toEqual([`100 decisions: ${table}`]);
  const records = readFileSync(lines, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as DecisionRecord);
  expect(records[0]?.request_id).toBe(requestIdAt(NOW, 0));
  expect(records[0]?.subject).toMatch(/^[\w-]{22}$/);
  expect(records).toHaveLength(100);
  expect(readFileSync(table).subarray(0, 4).toString()).toBe("PAR1");
  for (const path of [lines, table]) {
    expect(statSync(path).mode & 0o077).toBe(0);
  }
  expect(readdirSync(join(folder, "new"))).toEqual(["decisions.parquet"]);
  expect(readdirSync(folder).sort()).toEqual([
    "decisions.ndjson",
    "home",
    "new",
  ]);
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DAY_MS } from "@recsys/contracts";
import { listDecisions, openStore, shipDecisions } from "@recsys/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  newDecision,
  requestIdAt,
} from "../../../packages/store/test/support/new-decision.ts";
import {
  testDatabase,
  type TestDatabase,
} from "../../../tests/support/database.ts";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

let database: TestDatabase;
let folder = "";
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), "recsys-worker-"));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function recsys(...args: string[]) {
  const io = silentIo({
    RECSYS_HOME: join(folder, "home"),
    RECSYS_DECISION_DAYS: "20",
    DATABASE_URL: database.appUrl,
    DATABASE_MIGRATE_URL: database.ownerUrl,
  });
  const code = await runCli(args, io);
  return { ...io, code };
}

test("the worker drops decisions that are older than the setting, and says so", async () => {
  // A nightly training is not due.
  await recsys("tenants", "create", "acme", "--mode", "artifact");
  const [young, old] = [19, 22].map((days) =>
    requestIdAt(Date.now() - days * DAY_MS, days),
  );
  const store = openStore({ appUrl: database.appUrl });
  await store.inTenant("acme", (tx) =>
    shipDecisions(
      tx,
      "default",
      [young, old].map((request_id = "") => newDecision({ request_id })),
    ),
  );
  const { code, notes } = await recsys("worker", "--once");
  expect(code).toBe(0);
  expect(notes.join("\n")).toMatch(/retention of acme deleted 0 rows and \d+ /);
  const left = await store.inTenant("acme", (tx) =>
    listDecisions(tx, "default", { filter: {}, limit: 10 }),
  );
  await store.close();
  expect(left.rows.map(({ requestId }) => requestId)).toEqual([young]);
});

import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createTenant,
  eventDays,
  findTenant,
  listEvents,
  listItems,
  listUsers,
  openStore,
  pointer,
  versionContent,
  type Store,
} from "@recsys/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  testDatabase,
  type TestDatabase,
} from "../../../../tests/support/database.ts";
import { runImport, type ImportOptions } from "./run-import.ts";
import { storeTarget } from "./store-target.ts";

const NOW = Date.now();
const TRANSACTIONS = `invoice_no,stock_code,quantity,invoice_time,unit_price,customer_id,country
536365,85123A,6,2010-12-01T08:26:00,2.55,17850,United Kingdom
536365,85123A,6,2010-12-01T08:26:00,2.55,17850,United Kingdom
536366,22633,2,2010-12-01T08:28:00,1.85,,France
C536367,22633,-2,2010-12-01T08:29:00,1.85,17850,United Kingdom
536368,POST,1,2010-12-01T08:30:00,18,17850,United Kingdom
536369,22633,-5,2010-12-01T08:31:00,0,,United Kingdom
536370,22633,5,2010-12-01T08:32:00,0,,United Kingdom
`;
const ITEMS = `stock_code,description,median_unit_price,n_purchase_lines,first_seen,last_seen
85123A,WHITE HANGING HEART,2.55,2,2010-12-01T08:26:00,2010-12-01T08:26:00
22633,,1.85,1,2010-12-01T08:28:00,2010-12-01T08:28:00
POST,POSTAGE,18,1,2010-12-01T08:30:00,2010-12-01T08:30:00
`;

let database: TestDatabase;
let store: Store;
let folder = "";

beforeAll(async () => {
  database = await testDatabase();
  store = openStore({ appUrl: database.appUrl });
  folder = mkdtempSync(join(tmpdir(), "recsys-import-"));
  writeFileSync(join(folder, "transactions.csv"), TRANSACTIONS);
  writeFileSync(join(folder, "items.csv"), ITEMS);
  await store.tenantless((db) =>
    createTenant(db, {
      tenantId: "shop",
      name: "Shop",
      servingMode: "artifact",
    }),
  );
});

afterAll(async () => {
  await store.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function target() {
  return storeTarget({
    store,
    tenant: "shop",
    namespace: "default",
    pseudonym: (kind, id) =>
      createHmac("sha256", "s")
        .update(`${kind}:${id}`)
        .digest("base64url")
        .slice(0, 22),
  });
}

function importShop(
  dryRun?: "compare" | "check",
  more: Partial<ImportOptions> = {},
) {
  return runImport({
    adapter: "online-retail",
    paths: [folder],
    target: target(),
    shiftToNow: true,
    ...(dryRun === undefined ? {} : { dryRun }),
    clock: () => NOW,
    ...more,
  });
}

test("a dry run reads the configuration and writes nothing at all", async () => {
  const checked = await importShop("check");
  expect(checked.compared).toBe(false);
  expect(checked.tally.accepted).toMatchObject({ item: 2, user: 1, event: 3 });
  const compared = await importShop("compare");
  expect(compared.compared).toBe(true);
  expect(compared.tally).toMatchObject({
    accepted: { item: 2, user: 1, event: 2 },
    duplicate: { event: 1 },
  });
  await store.inTenant("shop", async (tx) => {
    expect(await pointer(tx, "default", "config")).toBeNull();
    expect(
      (await listItems(tx, "default", { limit: 10, filter: {} })).rows,
    ).toEqual([]);
    expect(await eventDays(tx, "default")).toEqual([]);
  });
});

test("a set is loaded with its schema, its offset and one result per row", async () => {
  const report = await importShop();
  expect(report.tally).toMatchObject({
    rows: 10,
    accepted: { item: 2, user: 1, event: 2 },
    duplicate: { event: 1 },
    dropped: { cancellation: 1, non_goods: 2 },
    rejected: { stock_correction: 1, no_price: 1 },
    eventsByIdentity: { user: 1, session: 1 },
  });
  expect(report.checks.map((check) => check.ok)).toEqual([true, true, true]);
  const tenant = await store.tenantless((db) => findTenant(db, "shop"));
  expect(tenant?.timeOffsetDays).toBe(report.timeOffsetDays);
  await store.inTenant("shop", async (tx) => {
    const live = await pointer(tx, "default", "config");
    const version = await versionContent(
      tx,
      { namespace: "default", pointer: "config" },
      live?.version ?? 0,
    );
    expect(version?.content).toMatchObject({
      schema: { context: { country: { type: "string" } } },
    });
    const users = await listUsers(tx, "default", { limit: 10, filter: {} });
    expect(users.rows.map((user) => [user.userId, user.traits])).toEqual([
      ["17850", { country: "United Kingdom" }],
    ]);
    const events = await listEvents(tx, "default", { limit: 10, filter: {} });
    expect(events.rows).toHaveLength(2);
  });
});

test("a dry run of what is stored finds it all there, and what a file would change", async () => {
  const before = await store.inTenant("shop", (tx) => eventDays(tx, "default"));
  const again = await importShop("compare");
  expect(again.tally).toMatchObject({
    accepted: { item: 0, user: 0, event: 0 },
    duplicate: { item: 2, user: 1, event: 3 },
  });
  const after = await store.inTenant("shop", (tx) => eventDays(tx, "default"));
  expect(after).toEqual(before);
});

test("an import that is not moved says so beside ones that were, and their offset stays", async () => {
  const before = await store.tenantless((db) => findTenant(db, "shop"));
  const told: number[] = [];
  const onNotShifted = (days: number) => told.push(days);
  await importShop("compare", { shiftToNow: false, onNotShifted });
  expect(told).toEqual([before?.timeOffsetDays]);
  await importShop(undefined, { shiftToNow: false, onNotShifted });
  await importShop(undefined, { onNotShifted });
  expect(told).toHaveLength(2);
  const after = await store.tenantless((db) => findTenant(db, "shop"));
  expect(after?.timeOffsetDays).toBe(before?.timeOffsetDays);
});

test("importing the set again changes nothing", async () => {
  const again = await importShop();
  expect(again.tally).toMatchObject({
    accepted: { item: 0, user: 0, event: 0 },
    duplicate: { item: 2, user: 1, event: 3 },
  });
  expect(again.ok).toBe(true);
});

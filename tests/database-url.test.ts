import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyDatabase, type TestDatabase } from "./support/database.ts";
import { isRunning } from "./support/home-processes.ts";
import {
  startProduct,
  stopped,
  temporaryHome,
  type Product,
} from "./support/product.ts";
import {
  call,
  createShop,
  itemId,
  items,
  listFor,
  storedEventIds,
  type Batch,
} from "./support/shop.ts";

const started: Product[] = [];
let home: ReturnType<typeof temporaryHome>;
let database: TestDatabase;

beforeEach(async () => {
  home = temporaryHome();
  database = await emptyDatabase();
});
afterEach(async () => {
  for (const one of started.splice(0)) await stopped(one.process, "SIGKILL");
  await database.drop();
  home.remove();
});

async function start(environment: NodeJS.ProcessEnv): Promise<Product> {
  const product = await startProduct({
    home: home.path,
    args: [],
    environment,
  });
  started.push(product);
  return product;
}

test.each([
  ["two logins", (of: TestDatabase) => of.environment],
  [
    "its owner alone, who may make no roles",
    (of: TestDatabase) => ({ DATABASE_URL: of.ownerUrl }),
  ],
])(
  "an ordinary Postgres serves the same loop with %s, and keeps it over a restart",
  async (_, settings) => {
    const environment = settings(database);
    const first = await start(environment);
    await createShop(first.environment);
    expect((await call(first, "/v1/items", items(10))).status).toBe(200);
    const before = await listFor(first, "ann");
    expect(before.body.items.map((item) => item.item_id)).toContain(itemId(1));
    const posted = await call<Batch>(first, "/v1/events", [
      { event_id: "e1", user_id: "ann", type: "view", item_id: itemId(1) },
    ]);
    expect(posted.body.accepted).toBe(1);
    const after = await listFor(first, "ann");
    expect(after.body.items.map((item) => item.item_id)).not.toContain(
      itemId(1),
    );
    await stopsWhole(first);

    const second = await start(environment);
    expect(second.output()).not.toContain("migrated");
    expect(await storedEventIds(second)).toEqual(["e1"]);
    const { request_id } = before.body.meta;
    const decision = await call(second, `/v1/audit/decisions/${request_id}`);
    expect(decision.status).toBe(200);
    await stopsWhole(second);
    for (const name of ["server.json", "server.lock", "pg"]) {
      expect(existsSync(join(home.path, name)), name).toBe(false);
    }
  },
  120_000,
);

async function stopsWhole(product: Product): Promise<void> {
  const children = childrenOf(product.process.pid ?? 0);
  expect(await product.stop()).toBe(0);
  expect(children.filter((pid) => isRunning(pid))).toEqual([]);
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

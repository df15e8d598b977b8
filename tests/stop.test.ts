import { afterAll, expect, test } from "vitest";
import { leftOver, untilGone } from "./support/home-processes.ts";
import {
  startProduct,
  stopped,
  temporaryHome,
  type Product,
} from "./support/product.ts";
import { call, createShop, items, listFor } from "./support/shop.ts";

const home = temporaryHome();
const started: Product[] = [];

afterAll(async () => {
  for (const one of started) await stopped(one.process, "SIGKILL");
  home.remove();
});

async function start(): Promise<Product> {
  const product = await startProduct({ home: home.path, args: [] });
  started.push(product);
  return product;
}

test("Ctrl-C stops everything, the database too, and the next start goes on from there", async () => {
  const first = await start();
  await createShop(first.environment);
  expect((await call(first, "/v1/items", items(3))).status).toBe(200);
  const list = await listFor(first, "ann");
  const ran = leftOver(home.path);
  expect(ran).toHaveLength(2);
  expect(await first.stop()).toBe(0);
  await untilGone(home.path);

  const startedAt = performance.now();
  const second = await start();
  const ms = Math.round(performance.now() - startedAt);
  process.stdout.write(`second start: ${ms} ms\n`);
  const found = await call<{ readonly items: readonly unknown[] }>(
    second,
    "/v1/items",
  );
  expect(found.body.items).toHaveLength(3);
  const { request_id } = list.body.meta;
  const decision = await call(second, `/v1/audit/decisions/${request_id}`);
  expect(decision.status).toBe(200);
  expect(await second.stop()).toBe(0);
  await untilGone(home.path);
  expect(ms).toBeLessThan(50_000);
}, 120_000);

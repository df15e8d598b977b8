import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "@recsys/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { killOf, untilGone, processesOf } from "./support/home-processes.ts";
import {
  launchProduct,
  ready,
  startProduct,
  stopped,
  temporaryHome,
  type Product,
} from "./support/product.ts";
import { call, createShop, items, storedEventIds } from "./support/shop.ts";
import { startShopper, type Shopper } from "./support/shopper.ts";

const VICTIMS = ["service", "postgres", "supervisor", "all"] as const;
type Victim = (typeof VICTIMS)[number];
const KILLS = 20;
const SEED = 20261121;

const home = temporaryHome();
let product: Product;
let shoppers: Shopper[] = [];

beforeAll(async () => {
  product = await startProduct({ home: home.path, args: [] });
  await createShop(product.environment);
  const posted = await call(product, "/v1/items", items(10));
  expect(posted.status).toBe(200);
}, 120_000);

afterAll(async () => {
  await Promise.all(shoppers.map((shopper) => shopper.stop()));
  await stopped(product.process, "SIGKILL");
  home.remove();
}, 60_000);

test(`what was acknowledged is there after ${KILLS} times kill -9`, async () => {
  const random = seededRandom(SEED);
  const port = Number(new URL(product.url).port);
  const startedAt = performance.now();
  shoppers = ["ann", "bob"].map((name) => startShopper(product.url, name));
  const turns: string[] = [];
  for (let turn = 0; turn < KILLS; turn++) {
    const victim = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? "all";
    // One time in four it falls while the last one is still being mended.
    if (random() < 0.75) {
      await ready(product, 60_000);
      await Promise.all(shoppers.map((shopper) => shopper.more(10)));
    }
    await pause(random() * 300);
    turns.push(victim);
    kill(victim);
    if (victim === "service" || victim === "all") {
      await stopped(product.process, "SIGKILL");
      product = launchProduct({ home: home.path, args: [] }, port);
    }
  }
  await ready(product, 60_000);
  await Promise.all(shoppers.map((shopper) => shopper.more(10)));
  await Promise.all(shoppers.map((shopper) => shopper.stop()));
  const ms = performance.now() - startedAt;
  const events = shoppers.flatMap((one) => [...one.acknowledged.events]);
  const decisions = shoppers.flatMap((one) => [...one.acknowledged.decisions]);
  process.stdout.write(
    `${KILLS} kills in ${(ms / 1000).toFixed(1)} s (seed ${SEED}: ${turns.join(" ")}): ${events.length} events and ${decisions.length} lists acknowledged\n`,
  );
  await expectAllThere(events, decisions);
  expect(await product.stop()).toBe(0);
  await untilGone(home.path);
}, 300_000);

function kill(victim: Victim): void {
  const found = processesOf(home.path);
  if (found === null) throw new Error("no server.json");
  if (victim === "service" || victim === "all") {
    product.process.kill("SIGKILL");
  }
  if (victim === "supervisor" || victim === "all") {
    killOf(home.path, found.supervisor);
  }
  if (victim === "postgres" || victim === "all") {
    killOf(found.directory, found.postgres);
  }
}

async function expectAllThere(
  events: readonly string[],
  decisions: readonly string[],
): Promise<void> {
  const stored = await storedEventIds(product);
  const once = new Set(stored);
  expect(once.size, "an event is stored once").toBe(stored.length);
  expect(events.filter((id) => !once.has(id))).toEqual([]);
  const missing: string[] = [];
  for (let at = 0; at < decisions.length; at += 8) {
    await Promise.all(
      decisions.slice(at, at + 8).map(async (id) => {
        const { status } = await call(product, `/v1/audit/decisions/${id}`);
        if (status !== 200) missing.push(`${id} ${status}`);
      }),
    );
  }
  expect(missing).toEqual([]);
}

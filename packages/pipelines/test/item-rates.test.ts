import {
  decodeArtifact,
  MINUTE_MS,
  type ContentHash,
  type RatesView,
} from "@recsys/contracts";
import { SIGNALS } from "@recsys/learning";
import { appendExposures } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { showManifest } from "../src/index.ts";
import {
  createWorld,
  NAMESPACE,
  NOW,
  TENANT,
  type MadeEvent,
  type World,
} from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.addItems(["cup", "mug", "tea"]);
  const of = (item: string, type: string, count: number): MadeEvent[] =>
    Array.from({ length: count }, (_, i) => ({
      user: `u${i}`,
      item,
      type,
      ts: NOW - (i + 1) * MINUTE_MS,
    }));
  await world.addEvents([
    ...of("cup", "view", 10),
    ...of("cup", "click", 8),
    ...of("mug", "view", 40),
    ...of("mug", "click", 2),
    ...of("mug", "hide", 4),
    ...of("tea", "purchase", 3),
  ]);
});
afterAll(() => world.close());

const JOBS = ["ingest", "catalogue", "popularity", "item-rates", "publish"];

async function learned(): Promise<{ hash: string; view: RatesView }> {
  await world.run({ jobs: JOBS });
  const address = { store: world.store, tenant: TENANT, namespace: NAMESPACE };
  const { manifest } = await showManifest(address, "live");
  const made = manifest.artifacts["item-rates"];
  if (made === undefined) throw new Error("the run made no rates");
  const { hash } = made;
  const artifact = decodeArtifact(await world.objects.get(hash as ContentHash));
  return { hash, view: SIGNALS["item-rates"].view(artifact) };
}

describe("the rates of items in a run", () => {
  it("are per view as long as nobody confirms exposures, and the same bytes again", async () => {
    const { hash, view } = await learned();
    expect(view.ids).toEqual(["cup", "mug", "tea"]);
    const [cup = 0, mug = 0, tea = 0] = view.rates.click.values;
    expect(cup).toBe(1);
    expect(mug).toBeLessThan(0.3);
    expect(tea).toBeGreaterThan(mug);
    expect(view.rates.hide.values[1]).toBe(1);
    // Forty views are the most, ten ln(11)/ln(41) of that, purchases are none.
    const [seenCup = 0, seenMug = 0, seenTea = 0] = view.rates.exposure.values;
    expect(seenMug).toBe(1);
    expect(seenCup).toBeCloseTo(Math.log(11) / Math.log(41), 6);
    expect(seenTea).toBe(0);
    expect((await learned()).hash).toBe(hash);
  });

  it("are per exposure once there are any, and then only lists count", async () => {
    const before = await learned();
    await world.store.inTenant(TENANT, (tx) =>
      appendExposures(tx, NAMESPACE, [
        {
          row: 0,
          requestId: "01920000-0000-7000-8000-000000000001",
          itemIds: ["cup", "tea"],
          subject: null,
          ts: NOW - MINUTE_MS,
        },
      ]),
    );
    const { hash, view } = await learned();
    expect(hash).not.toBe(before.hash);
    expect([...view.rates.exposure.values]).toEqual([1, 0, 1]);
    // No click followed from a list.
    expect([...view.rates.click.values]).toEqual([0, 0, 0]);
  });
});

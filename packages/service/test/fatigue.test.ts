import type { RecommendResponse } from "@recsys/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import { makeRequestId } from "../src/http/request-id.ts";
import {
  idsOf,
  items,
  recordOf,
  startHarness,
  type Harness,
} from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
  await harness.call("POST /v1/items", items(12));
});
beforeEach(async () => {
  await knobs({ "fatigue.cap": 1 });
});
afterAll(async () => {
  await harness.end();
});

const knobs = (values: object) =>
  harness.call("PUT /v1/admin/config/knobs", values, {
    headers: { "if-match": "*" },
  });

const ask = (user_id: string, more: object = {}) =>
  harness.call<RecommendResponse>("POST /v1/recommend", {
    surface: "home",
    k: 3,
    user: { user_id },
    ...more,
  });

describe("a cap of one impression", () => {
  it("shows three pages of new items to a person who refreshes, and says why an item is missing", async () => {
    const lists = [await ask("anna"), await ask("anna")];
    const third = await ask("anna", {
      options: { why_not: [idsOf(lists[0] as never)[0]] },
    });
    const shown = [...lists, third].flatMap(idsOf);
    expect(new Set(shown).size).toBe(9);
    expect(third.body.why_not?.[0]).toMatchObject({ reason: "frequency_cap" });
  });

  it("is remembered after a restart, and replayed bit for bit", async () => {
    const first = await ask("ben");
    await recordOf(harness, first.body.meta.request_id);
    await harness.restart();
    const second = await ask("ben");
    const common = idsOf(second).filter((id) => idsOf(first).includes(id));
    expect(common).toEqual([]);
    const record = await recordOf(harness, second.body.meta.request_id);
    expect(record.user_state.impressions).toEqual([
      {
        request_id: first.body.meta.request_id,
        ts: expect.any(Number) as number,
        item_ids: idsOf(first),
      },
    ]);
    const replayer = createReplayer({ ...harness, tenant: "demo" });
    expect(await replayer.replay(record)).toMatchObject({ identical: true });
  });

  it("counts what an exposure confirms of a list that is not on record", async () => {
    const [seen = ""] = idsOf(await ask("carl", { k: 1 }));
    await knobs({ "fatigue.cap": 2 });
    expect(idsOf(await ask("carl"))).toContain(seen);
    await knobs({ "fatigue.cap": 3 });
    expect(idsOf(await ask("carl", { k: 1 }))).toEqual([seen]);
    await harness.call("POST /v1/exposures", [
      {
        request_id: makeRequestId("demo", Date.now()),
        user_id: "carl",
        item_ids: [seen],
      },
    ]);
    expect(idsOf(await ask("carl"))).not.toContain(seen);
  });

  it("knows nothing of who denied consent, and records nothing", async () => {
    await harness.call("POST /v1/users", [
      { user_id: "dora", consent: "denied" },
    ]);
    const first = await ask("dora");
    const second = await ask("dora");
    expect(idsOf(second)).toEqual(idsOf(first));
    const record = await recordOf(harness, second.body.meta.request_id);
    expect(record.user_state.impressions).toEqual([]);
  });

  it("forgets who was erased", async () => {
    const first = await ask("erik");
    await harness.call("DELETE /v1/users?user_id=erik");
    expect(idsOf(await ask("erik"))).toEqual(idsOf(first));
  });
});

describe("without fatigue in the configuration", () => {
  it("nothing is read or recorded, unless a request asks for it", async () => {
    await knobs({});
    const first = await ask("fred");
    const second = await ask("fred");
    expect(idsOf(second)).toEqual(idsOf(first));
    const record = await recordOf(harness, second.body.meta.request_id);
    expect(record.user_state).not.toHaveProperty("impressions");
    const third = await ask("fred", { knobs: { "fatigue.cap": 1 } });
    const common = idsOf(third).filter((id) => idsOf(first).includes(id));
    expect(common).toEqual([]);
  });
});

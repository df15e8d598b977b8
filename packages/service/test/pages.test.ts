import { HOUR_MS, type RecommendResponse } from "@recsys/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createReplayer } from "../src/index.ts";
import {
  idsOf,
  items,
  recordOf,
  startHarness,
  type Answer,
  type Harness,
} from "./harness.ts";

let now = Date.now();
let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ deps: { clock: () => now } });
  await harness.call("POST /v1/items", items(12));
  await put("config/knobs", { "rotation.weight": 1 });
});
afterEach(async () => {
  await put("rules", { rules: [] });
  await put("config/knobs", { "rotation.weight": 1 });
});
afterAll(async () => {
  await harness.end();
});

const put = (what: string, content: object) =>
  harness.call(`PUT /v1/admin/${what}`, content, {
    headers: { "if-match": "*" },
  });

type Page = Answer<RecommendResponse>;

const ask = (k: number, before?: Page): Promise<Page> =>
  harness.call("POST /v1/recommend", {
    surface: "home",
    k,
    user: { user_id: "anna" },
    ...(before === undefined
      ? {}
      : { page_token: before.body.next_page_token }),
  });

const codesOf = (page: Page) => page.body.warnings.map(({ code }) => code);

describe("pages", () => {
  it("are those of the list that the first one began, whatever changed since", async () => {
    const long = idsOf(await ask(12));
    const first = await ask(4);
    await put("config/knobs", { "popularity.weight": 9 });
    await harness.call("POST /v1/items", [{ item_id: "new-1" }]);
    now += 10 * 60_000;
    const second = await ask(4, first);
    const third = await ask(4, second);
    expect([first, second, third].flatMap(idsOf)).toEqual(long);
    expect([second, third].flatMap(codesOf)).toEqual([]);
    const { versions } = await recordOf(harness, third.body.meta.request_id);
    expect(versions.config_version).toBe(first.body.meta.config_version);
    const replayer = createReplayer({ ...harness, tenant: "demo" });
    const record = await recordOf(harness, third.body.meta.request_id);
    expect(await replayer.replay(record)).toMatchObject({ identical: true });
    expect(record.request.paged).toHaveLength(8);
    await harness.call("DELETE /v1/items?item_id=new-1");
  });

  it("leave out what was blocked or sold out since", async () => {
    const long = idsOf(await ask(12));
    const [blocked = "", sold = ""] = long.slice(5);
    const first = await ask(4);
    await put("rules", {
      rules: [
        {
          id: "recall",
          action: "BLOCK",
          target: { item_ids: [blocked] },
          priority: 1,
          enabled: true,
          owner: "shop",
          reason: "recalled",
        },
      ],
    });
    await harness.call("POST /v1/items", [{ item_id: sold, available: false }]);
    const second = await ask(4, first);
    const left = long.filter((id) => id !== blocked && id !== sold);
    expect(idsOf(second)).toEqual(left.slice(4, 8));
    expect(codesOf(second)).toEqual([]);
    const record = await recordOf(harness, second.body.meta.request_id);
    expect([...record.request.exclude].sort()).toEqual([blocked, sold].sort());
    await harness.call("POST /v1/items", [{ item_id: sold, available: true }]);
  });

  it("go on with what is live, and say so, when the first snapshot is gone", async () => {
    const first = await ask(4);
    await put("config/knobs", { "rotation.weight": 0 });
    await harness.restart({ clock: () => now });
    const second = await ask(4, first);
    expect(codesOf(second)).toEqual(["PAGE_SNAPSHOT_CHANGED"]);
    const shown = [first, second].flatMap(idsOf);
    expect(new Set(shown).size).toBe(8);
  });

  it("need no warning after a restart that changed nothing", async () => {
    const first = await ask(4);
    await harness.restart({ clock: () => now });
    expect(codesOf(await ask(4, first))).toEqual([]);
  });

  it("can be asked for during an hour", async () => {
    const first = await ask(4);
    now += HOUR_MS;
    expect(await ask(4, first)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "/page_token", code: "expired" }] },
    });
  });

  it("end with the items", async () => {
    const last = await ask(12, await ask(6));
    expect(idsOf(last)).toHaveLength(6);
    expect(last.body.next_page_token).toBeUndefined();
  });
});

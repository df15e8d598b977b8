import type {
  Bandit,
  DecisionRecord,
  RecommendResponse,
} from "@recsys/contracts";
import { learned } from "@recsys/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordOf } from "../../../packages/service/test/harness.ts";
import { eventually } from "../../../packages/service/test/publish.ts";
import {
  exploringShop,
  type ExploringShop,
} from "../../../tests/support/exploring-shop.ts";
import { runCli } from "./cli.ts";
import { silentIo } from "./silent-io.ts";

let shop: ExploringShop;
beforeAll(async () => {
  shop = await exploringShop();
});
afterAll(async () => {
  await shop.harness.end();
});

const bandit: Bandit = {
  id: "blend",
  owner: "shop",
  surface: "similar",
  kind: "thompson",
  arms: [
    { name: "relevant", knobs: { "diversity.mmr_lambda": 1 } },
    { name: "varied", knobs: { "diversity.mmr_lambda": 0.3 } },
  ],
  epsilon: 0.2,
  reward: { click: 1 },
  window_hours: 1,
  exposure: "confirmed",
  sticky: "request",
  period_hours: 1,
};
const similar = () =>
  shop.harness.call<RecommendResponse>("POST /v1/similar", {
    item_id: "item-1",
    k: 4,
  });

describe("a bandit over bundles of knobs", () => {
  it("applies its arm in the layer of experiments, and says so", async () => {
    expect((await shop.put("bandits", [bandit])).status).toBe(200);
    const { meta } = (await similar()).body;
    const [chosen] = meta.bandits ?? [];
    expect(chosen).toEqual({
      id: "blend",
      arm: expect.stringMatching(/relevant|varied/) as string,
      propensity: 0.5,
      method: "exact",
    });
    const record = await recordOf(shop.harness, meta.request_id);
    expect(record.bandits?.[0]).toMatchObject({
      arm: chosen?.arm,
      eligible: 2,
    });
    expect(await shop.replay(record)).toMatchObject({ identical: true });
  });

  it("counts what was seen: no exposure, no trial; no outcome, no reward", async () => {
    const records: DecisionRecord[] = [];
    for (let i = 0; i < 30; i++) {
      const { meta } = (await similar()).body;
      records.push(await recordOf(shop.harness, meta.request_id));
    }
    const seen = records.slice(0, 20);
    for (const record of seen) {
      const [first] = record.slate;
      const item = first?.item_id ?? "";
      await shop.harness.call("POST /v1/exposures", [
        { request_id: record.request_id, item_ids: [item] },
      ]);
      if (record.bandits?.[0]?.arm === "varied") {
        await shop.follow(record, {
          item_id: item,
          type: "click",
          user_id: "zoe",
        });
      }
    }
    const done = await shop.count(2);
    expect(done?.counted).toBe(20);
    expect(done?.skipped).toBeGreaterThanOrEqual(10);
    const state = await shop.harness.store.inTenant("demo", (tx) =>
      learned.load(tx, "default"),
    );
    const armOf = (name: string) =>
      state?.arms.find((arm) => arm.bandit === "blend" && arm.arm === name);
    const varied = seen.filter(
      (record) => record.bandits?.[0]?.arm === "varied",
    );
    expect(armOf("varied")).toMatchObject({
      trials: varied.length,
      reward: varied.length,
    });
    expect(armOf("relevant")).toMatchObject({
      trials: 20 - varied.length,
      reward: 0,
    });
    await eventually(async () => {
      const [choice] = (await similar()).body.meta.bandits ?? [];
      return choice?.method === "quadrature";
    });
  });

  it("needs the event types that it rewards; what nobody wrote needs none", async () => {
    const types = await shop.harness.call<{ content: object }>(
      "GET /v1/admin/config/event_types",
    );
    const { content } = types.body;
    const without = (name: string) =>
      Object.fromEntries(
        Object.entries(content).filter(([type]) => type !== name),
      );
    const refused = await shop.put("event_types", without("click"));
    expect(refused.body.errors?.map(({ path }) => path)).toEqual([
      "/bandits/0/reward/click",
    ]);
    // The default of the section exploration counts it.
    const put = await shop.put("event_types", without("add_to_cart"));
    expect(put.status).toBe(200);
    await shop.put("event_types", content);
  });

  it("is checked like the rest of the configuration", async () => {
    const wrong = [
      { ...bandit, surface: "nowhere", segment: "nobody" },
      {
        ...bandit,
        id: "second",
        kind: "linucb",
        features: [{ name: "vip", when: "user.nothing = true" }],
        reward: { teleport: 1 },
        arms: [
          { name: "a", knobs: { "no.such": 1 } },
          { name: "a", knobs: { "diversity.mmr_lambda": 0.1 } },
        ],
      },
      { ...bandit, features: [{ name: "x", value: "1" }] },
    ];
    const { status, body } = await shop.put("bandits", wrong);
    expect(status).toBe(422);
    expect(body.errors?.map(({ path, code }) => [path, code])).toEqual([
      ["/bandits/0/surface", "unknown_surface"],
      ["/bandits/0/segment", "unknown_segment"],
      ["/bandits/1/arms/1/name", "repeated"],
      ["/bandits/1/arms/0/knobs/no.such", "unknown_knob"],
      ["/bandits/1/reward/teleport", "unknown_event_type"],
      ["/bandits/1/features/0/when", "expression"],
      ["/bandits/2/features", "unused"],
      ["/bandits/2/id", "repeated"],
      ["/bandits/2/arms/0/knobs/diversity.mmr_lambda", "conflict"],
      ["/bandits/2/arms/1/knobs/diversity.mmr_lambda", "conflict"],
    ]);
    const shape = await shop.put("bandits", [
      { ...bandit, epsilon: 2, extra: 1 },
    ]);
    expect(shape.status).toBe(422);
  });
});

describe("what a bandit learned", () => {
  interface Report {
    readonly posteriors_version: number;
    readonly bandits: readonly {
      readonly id: string;
      readonly kind: string | null;
      readonly waiting: number;
      readonly draws: number;
      readonly arms: readonly {
        readonly arm: string;
        readonly trials: number;
        readonly mean_reward: number | null;
        readonly interval: readonly number[];
        readonly draws: number;
        readonly share: number | null;
        readonly propensity: { readonly min: number; readonly max: number };
      }[];
    }[];
  }

  it("is reported arm by arm", async () => {
    const { status, body } = await shop.harness.call<Report>(
      "GET /v1/reports/bandits",
    );
    expect(status).toBe(200);
    const [blend] = body.bandits;
    expect(blend).toMatchObject({ id: "blend", kind: "thompson" });
    expect(blend?.draws).toBeGreaterThan(30);
    for (const arm of blend?.arms ?? []) {
      if (arm.arm === "relevant") {
        // Beta(1, n + 1): 1 − share^(1 / (n + 1)).
        const quantile = (share: number) =>
          1 - (1 - share) ** (1 / (arm.trials + 1));
        expect(arm.mean_reward).toBe(0);
        expect(arm.interval[0]).toBeCloseTo(quantile(0.025), 4);
        expect(arm.interval[1]).toBeCloseTo(quantile(0.975), 4);
      }
      // A fifth of the choices is uniform over two arms.
      expect(arm.propensity.min).toBeGreaterThanOrEqual(0.1);
      expect(arm.propensity.max).toBeLessThanOrEqual(0.9);
      expect(arm.share).toBeCloseTo(arm.draws / (blend?.draws ?? 1), 12);
    }
    const refused = await shop.harness.call(
      "GET /v1/reports/bandits?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
    );
    expect(refused.status).toBe(422);
  });

  it("is listed and forgotten at the command line, with a note in the audit log", async () => {
    const recsys = async (...args: string[]) => {
      const io = silentIo({
        RECSYS_HOME: shop.harness.home,
        DATABASE_URL: shop.harness.appUrl,
        RECSYS_TENANT: "demo",
      });
      const code = await runCli(args, io);
      return { ...io, code };
    };
    const listed = await recsys("bandits", "list");
    expect(listed.lines.join("\n")).toMatch(/blend +varied +\d+ +1\.0000/);
    const rows = JSON.parse(
      (await recsys("bandits", "list", "--json")).lines[0] ?? "[]",
    ) as { readonly trials: number }[];
    expect(rows.reduce((sum, { trials }) => sum + trials, 0)).toBe(20);
    const reset = await recsys("bandits", "reset", "blend");
    expect(reset).toMatchObject({ code: 0, lines: ["blend forgot 2 arms"] });
    expect((await recsys("bandits", "reset", "blend")).code).not.toBe(0);
    expect((await recsys("bandits", "list")).lines).toEqual([
      "nothing is learned yet",
    ]);
    const audit = await shop.harness.call("GET /v1/admin/audit");
    expect(JSON.stringify(audit.body)).toContain("bandit.reset");
  });
});

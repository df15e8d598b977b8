import { DAY_MS } from "@recsys/contracts";
import { describe, expect, it } from "vitest";
import {
  idsOf,
  item,
  lists,
  NOW,
  only,
  rankIn,
  shop,
} from "../../test/shop.ts";

/** Two that people chose, one of them new; three that nobody chose; one that had its trials. */
const snapshot = shop({
  items: [
    item("classic", { created_at: NOW - 400 * DAY_MS }),
    item("hit", { created_at: NOW - 2 * DAY_MS }),
    item("shy-1"),
    item("shy-2"),
    item("sold", { available: false }),
    item("tried"),
  ],
  signals: { popularity: lists({ "": { classic: 1, hit: 0.8 } }) },
  tenantKnobs: {
    ...only({ exploration: 1 }),
    "exploration.max_trials": 10,
  },
  posteriors: {
    version: 3,
    arms: [
      { bandit: "slots:home", arm: "tried", trials: 10, reward: 1 },
      { bandit: "slots:home", arm: "shy-1", trials: 4, reward: 1 },
      { bandit: "slots:cart", arm: "shy-2", trials: 99, reward: 1 },
    ],
  },
});

describe("the source exploration", () => {
  it("offers what is new or was never chosen, until it had its trials on this surface", () => {
    const result = rankIn(snapshot, { k: 6 }, { sample: true });
    const scores = Object.fromEntries(
      result.slate.map(({ item_id, score }) => [item_id, score]),
    );
    expect(scores).toEqual({
      hit: 1,
      "shy-2": 1,
      "shy-1": expect.closeTo(0.6, 12) as number,
      classic: 0,
      tried: 0,
    });
    const report = result.sources.find(
      ({ source }) => source === "exploration",
    );
    expect(report).toMatchObject({ outcome: "ok", offered: 3 });
  });

  it("says what is new and what is tried", () => {
    const { slate } = rankIn(snapshot, { k: 3 });
    const codes = Object.fromEntries(
      slate.map(({ item_id, reasons }) => [item_id, reasons[0]?.code]),
    );
    expect(codes).toEqual({
      hit: "exploration_new",
      "shy-1": "exploration_trial",
      "shy-2": "exploration_trial",
    });
  });

  it("turns: over many requests every item is offered about as often", () => {
    const many = shop({
      items: Array.from({ length: 40 }, (_, i) => item(`item-${i}`)),
      tenantKnobs: only({ exploration: 1 }),
    });
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      const asked = { k: 4, requestKnobs: { "exploration.quota": 4 } };
      for (const id of idsOf(rankIn(many, asked, { seed }))) {
        counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    // 40 on average with a standard deviation of 6.
    expect(counts.size).toBe(40);
    expect(Math.min(...counts.values())).toBeGreaterThan(16);
    expect(Math.max(...counts.values())).toBeLessThan(64);
  });
});

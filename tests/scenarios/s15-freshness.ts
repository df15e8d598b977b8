import { idsOf, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

export const freshness: Scenario = {
  id: "S15",
  title: "an event changes the next list of the one who made it",
  async run(grocer) {
    const stale: string[] = [];
    const times: number[] = [];
    for (const [n, { id }] of spread(grocer.strangers, 20).entries()) {
      const list = () =>
        grocer.list({ surface: "home", k: 20, user: { user_id: id } });
      const before = idsOf(await list());
      const from = performance.now();
      await grocer.call("/v1/events", {
        body: [
          {
            event_id: `scenario-${n}`,
            user_id: id,
            type: "purchase",
            item_id: before[n % before.length],
          },
        ],
      });
      const after = idsOf(await list());
      times.push(performance.now() - from);
      if (JSON.stringify(before) === JSON.stringify(after)) stale.push(id);
    }
    times.sort((a, b) => a - b);
    return {
      checks: [
        {
          that: "every next list differs",
          holds: stale.length === 0,
          found: stale,
        },
      ],
      figures: {
        median_ms: Math.round(times[Math.floor(times.length / 2)] ?? 0),
        slowest_ms: Math.round(times.at(-1) ?? 0),
      },
    };
  },
};

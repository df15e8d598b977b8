import { runTool } from "../support/product.ts";
import { ruleOf, type Grocer } from "./grocer.ts";
import { idsOf, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const REPLAYED = 3;

export const replay: Scenario = {
  id: "S11",
  title: "the same question has the same answer, and the past can be replayed",
  async run(grocer) {
    const households = spread(grocer.known, 12);
    const as_of = new Date().toISOString();
    const body = (id: string) => ({
      surface: "home",
      k: 20,
      user: { user_id: id },
      knobs: { "diversity.mmr_lambda": 0.8, "rotation.weight": 0.05 },
      options: { seed: 7, as_of },
    });
    const different: string[] = [];
    const requestIds: string[] = [];
    for (const { id } of households) {
      const first = await grocer.list(body(id));
      const second = await grocer.list(body(id));
      requestIds.push(first.meta.request_id);
      const same = JSON.stringify(first.items) === JSON.stringify(second.items);
      if (!same) different.push(id);
    }
    await changeEverything(
      grocer,
      households.map(({ id }) => id),
    );
    const changed = await grocer.list({ surface: "home", k: 20 });
    const replayed: string[] = [];
    // A replay starts a process of the tool: some stand for all.
    const chosen = spread(requestIds, REPLAYED);
    for (const requestId of chosen) {
      const { code, stdout } = await replayOnceShipped(grocer, requestId);
      if (code !== 0) replayed.push(`${requestId}: ${stdout}`);
    }
    await grocer.rule([]);
    return {
      checks: [
        {
          that: "equal requests get equal lists to the last bit",
          holds: different.length === 0,
          found: different,
        },
        {
          that: "what was changed meanwhile shows in new lists",
          holds: idsOf(changed)[0] === "scenario-new",
          found: idsOf(changed)[0],
        },
        {
          that: "replay gives every old list again",
          holds: replayed.length === 0,
          found: replayed,
        },
      ],
      figures: { asked: requestIds.length, replayed: chosen.length },
    };
  },
};

/** New rules, a new item, new events of everybody. */
async function changeEverything(
  grocer: Grocer,
  households: readonly string[],
): Promise<void> {
  await grocer.call("/v1/items", {
    body: [{ item_id: "scenario-new", title: "New", category: ["GROCERY"] }],
  });
  await grocer.rule([
    ruleOf({ action: "PIN", target: { item_ids: ["scenario-new"] } }),
  ]);
  await grocer.call("/v1/events", {
    body: households.map((user_id) => ({
      user_id,
      type: "view",
      item_id: "scenario-new",
    })),
  });
}

/** Decisions are shipped within a second or so. */
async function replayOnceShipped(grocer: Grocer, requestId: string) {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const end = await runTool(
      ["replay", requestId, "--tenant", "grocer"],
      grocer.product.environment,
    );
    if (end.code === 0 || performance.now() > deadline) return end;
  }
}

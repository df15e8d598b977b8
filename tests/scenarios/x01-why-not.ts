import type { RecommendRequest } from "@recsys/contracts";
import { runTool } from "../support/product.ts";
import { ruleOf, type Grocer, type Household } from "./grocer.ts";
import { spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

const DECISIONS = 200;
/** About a hundred times what an answer takes on an idle core. */
const MOST_MS_AN_ANSWER = 0.5;

interface Checked {
  readonly decisions: number;
  readonly answers: number;
  readonly wrong: readonly object[];
}

export const whyNot: Scenario = {
  id: "X1",
  title:
    "why-not over the whole catalogue agrees with what the stages of 200 decisions recorded",
  async run(grocer) {
    await grocer.rule([
      ruleOf({ action: "BLOCK", target: { tags: ["own-brand"] } }),
      ruleOf({
        id: "up",
        action: "BOOST",
        target: { where: "item.price < 3" },
        amount: 0.2,
      }),
    ]);
    const households = spread(grocer.known, DECISIONS);
    for (const [at, household] of households.entries()) {
      await askOneWay(grocer, household, at);
    }
    await grocer.rule([]);
    const begin = performance.now();
    const { code, stdout, stderr } = await runTool(
      [
        ...["audit", "why-not", "--sample", String(DECISIONS)],
        ...["--tenant", "grocer", "--json"],
      ],
      grocer.product.environment,
    );
    const ms = performance.now() - begin;
    const { decisions, answers, wrong } = JSON.parse(stdout) as Checked;
    return {
      checks: [
        {
          that: "every answer agrees",
          holds: wrong.length === 0,
          found: wrong,
        },
        { that: "the command says so", holds: code === 0, found: stderr },
        {
          that: "a sample of 200 was asked about every item",
          holds: decisions === DECISIONS && answers > DECISIONS * 1000,
          found: { decisions, answers },
        },
        {
          that: "an answer takes little time, however many are asked",
          holds: ms / answers < MOST_MS_AN_ANSWER,
          found: ms / answers,
        },
      ],
      figures: {
        decisions,
        answers,
        microseconds_an_answer: Math.round((1000 * ms) / answers),
      },
    };
  },
};

/** Lists of every kind: filtered, capped, diverse, beside an item, longer than what is left; every second one logged in full. */
async function askOneWay(
  grocer: Grocer,
  { id, bought }: Household,
  at: number,
): Promise<void> {
  const [item = ""] = bought;
  const ways: readonly Partial<RecommendRequest>[] = [
    {},
    { constraints: { max_price: 4, max_per_brand: 2 } },
    { knobs: { "diversity.mmr_lambda": 0.6 }, k: 40 },
    { anchors: { item_ids: [item] } },
    { candidates: { include_ids: [...bought] } },
    { constraints: { max_per_category: 1, where: "item.price > 1" }, k: 100 },
  ];
  await grocer.call("/v1/recommend", {
    body: {
      surface: "home",
      k: 10,
      user: { user_id: id },
      ...ways[at % ways.length],
    } satisfies RecommendRequest,
    headers: at % 2 === 0 ? { "X-RecSys-Trace": "full" } : {},
  });
}

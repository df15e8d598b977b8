import type { RecommendResponse } from "@recsys/contracts";
import { ruleOf } from "./grocer.ts";
import { ask, listsFor, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

export const explainability: Scenario = {
  id: "S10",
  title: "versions, reasons and the parts of every score are complete",
  async run(grocer) {
    await grocer.rule([
      ruleOf({
        action: "BOOST",
        target: { tags: ["own-brand"] },
        amount: 0.05,
      }),
    ]);
    const households = spread(grocer.known, 100);
    const lists = await listsFor(
      households,
      ask(grocer, {
        knobs: { "rotation.weight": 0.01 },
        options: { explain: "full", include_trace: true },
      }),
    );
    await grocer.rule([]);
    const gaps = lists.flatMap(gapsOf);
    const wrong = lists.flatMap(wrongSums);
    return {
      checks: [
        {
          that: "nothing is missing",
          holds: gaps.length === 0,
          found: gaps.slice(0, 5),
        },
        {
          that: "the parts sum to the score",
          holds: wrong.length === 0,
          found: wrong.slice(0, 5),
        },
        {
          that: "the rule is named where it moved a score",
          holds: lists.some(({ items }) =>
            items.some(({ explain }) =>
              explain?.some(({ part }) => part === "rule:scenario"),
            ),
          ),
        },
      ],
      figures: {
        lists: lists.length,
        items: lists.reduce((sum, { items }) => sum + items.length, 0),
      },
    };
  },
};

function gapsOf({ items, meta, trace }: RecommendResponse): string[] {
  const versions = {
    algo_version: meta.algo_version,
    config_version: meta.config_version,
    rules_version: meta.rules_version,
    manifest_version: meta.manifest_version,
    request_id: meta.request_id,
    models: Object.keys(meta.models).length === 0 ? "" : "named",
    trace: trace === undefined || trace.length === 0 ? "" : "told",
  };
  const gaps = Object.entries(versions)
    .filter(([, value]) => value === null || value === "")
    .map(([name]) => name);
  for (const { item_id, reasons = [], explain = [], score } of items) {
    const isTold = reasons.some(
      ({ code, text }) => code !== "" && text !== "" && !text.includes("{"),
    );
    if (!isTold) gaps.push(`reasons of ${item_id}`);
    if (explain.length === 0 && score !== 0) gaps.push(`parts of ${item_id}`);
  }
  return gaps;
}

function wrongSums({ items }: RecommendResponse): object[] {
  return items
    .map(({ item_id, score, explain = [] }) => ({
      item_id,
      score,
      sum: explain.reduce((total, part) => total + part.contribution, 0),
    }))
    .filter(({ score, sum }) => score !== sum);
}

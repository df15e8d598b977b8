import { ask, idsOf, listsFor, mean, ndcg, spread } from "./measure.ts";
import type { Scenario } from "./scenario.ts";

/** Share of NDCG that variety may cost at this strength. */
const BUDGET = 0.1;

export const diversityBudget: Scenario = {
  id: "S4",
  title: "variety lowers the likeness within lists and costs little relevance",
  async run(grocer) {
    const households = spread(grocer.known, 250);
    const measure = async (lambda: number) => {
      const knobs = { "diversity.mmr_lambda": lambda };
      const lists = await listsFor(households, ask(grocer, { knobs }));
      return {
        likeness: mean(
          lists.map(({ meta }) => meta.diversity.intra_list_similarity ?? 0),
        ),
        ndcg: mean(
          lists.map((list, n) => {
            const household = households[n];
            return household === undefined ? 0 : ndcg(idsOf(list), household);
          }),
        ),
      };
    };
    const plain = await measure(1);
    const varied = await measure(0.9);
    const wild = await measure(0.3);
    return {
      checks: [
        {
          that: "lists are less alike within",
          holds: varied.likeness < plain.likeness,
        },
        {
          that: "and less still with more variety",
          holds: wild.likeness < varied.likeness,
        },
        {
          that: "relevance stays within the budget",
          holds: varied.ndcg >= (1 - BUDGET) * plain.ndcg,
          found: { plain: plain.ndcg, varied: varied.ndcg },
        },
      ],
      figures: {
        likeness_plain: plain.likeness,
        likeness_varied: varied.likeness,
        likeness_wild: wild.likeness,
        ndcg_plain: plain.ndcg,
        ndcg_varied: varied.ndcg,
        ndcg_wild: wild.ndcg,
      },
    };
  },
};

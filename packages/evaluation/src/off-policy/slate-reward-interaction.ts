import { slateEstimate, type SlateEstimator } from "./slate-rows.ts";

/**
 * Reward-interaction IPS: a slot weighs the product of the ratios up to it.
 * McInerney, Brost, Chandar, Mehrotra, Carterette, Counterfactual evaluation of slate recommendations, KDD (2020).
 * Unbiased when users look from the first slot on: a reward depends on its slot and the earlier ones.
 */
export const slateRewardInteraction: SlateEstimator = {
  name: "slate_reward_interaction",
  assumes: "a slot's reward depends on its own and the earlier slots",
  estimate: (slates, alpha) =>
    slateEstimate(slates, alpha, (ratios) => {
      let product = 1;
      return ratios.map((ratio) => (product *= ratio));
    }),
};

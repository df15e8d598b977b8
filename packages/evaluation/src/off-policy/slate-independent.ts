import { slateEstimate, type SlateEstimator } from "./slate-rows.ts";

/**
 * Independent IPS: each slot weighs its own ratio.
 * Li, Abbasi-Yadkori, Kveton et al., Offline evaluation of ranking policies with click models, KDD (2018).
 * Unbiased when a slot's reward depends on its own item and place only.
 */
export const slateIndependent: SlateEstimator = {
  name: "slate_independent",
  assumes: "a slot's reward depends on its own item and place only",
  estimate: (slates, alpha) => slateEstimate(slates, alpha, (ratios) => ratios),
};

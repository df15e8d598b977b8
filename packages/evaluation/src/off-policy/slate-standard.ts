import { slateEstimate, type SlateEstimator } from "./slate-rows.ts";

/**
 * Standard IPS of whole slates: every slot weighs the product of all ratios.
 * Precup, Sutton, Singh, ICML (2000), over slots.
 * Unbiased under any user behaviour; its variance grows exponentially with the slots.
 */
export const slateStandard: SlateEstimator = {
  name: "slate_standard",
  assumes: "nothing of the users",
  estimate: (slates, alpha) =>
    slateEstimate(slates, alpha, (ratios) => {
      const product = ratios.reduce((all, ratio) => all * ratio, 1);
      return ratios.map(() => product);
    }),
};

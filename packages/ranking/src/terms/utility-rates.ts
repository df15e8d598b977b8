import type { RateName } from "@recsys/contracts";
import type { Term } from "./term.ts";

/** A term that reads one rate of the signal item-rates. */
function rateTerm(of: {
  readonly name: string;
  readonly rate: RateName;
  readonly sign: Term["sign"];
  readonly description: string;
  /** What counts is how small the rate is. */
  readonly isOfTheRare?: boolean;
}): Term {
  const { rate, isOfTheRare = false, ...facts } = of;
  return {
    ...facts,
    privacy: "item",
    knobs: [],
    needs: ["item-rates"],
    prepare({ snapshot }) {
      const bound = snapshot.bound["item-rates"];
      if (bound === undefined) return null;
      const { values, typical } = bound.view.rates[rate];
      const { toArtifact } = bound;
      const valueOf = (position: number): number => {
        const artifact = toArtifact[position] ?? -1;
        return artifact < 0 ? typical : (values[artifact] ?? typical);
      };
      return isOfTheRare ? (position) => 1 - valueOf(position) : valueOf;
    },
  };
}

export const utilityClick = rateTerm({
  name: "utility_click",
  rate: "click",
  sign: 1,
  description:
    "Probability that the item is clicked when it is shown, as a share of the largest of the catalogue (linear): 1 is the item that is clicked most, 0 is never.",
});

export const utilityPurchase = rateTerm({
  name: "utility_purchase",
  rate: "purchase",
  sign: 1,
  description:
    "Probability that the item is bought when it is shown, as a share of the largest of the catalogue (linear): 1 is the item that is bought most, 0 is never.",
});

export const utilityHide = rateTerm({
  name: "utility_hide",
  rate: "hide",
  sign: -1,
  description:
    "Probability that the item is hidden or disliked when it is shown, as a share of the largest of the catalogue (linear): 1 is the item that is hidden most, 0 is never.",
});

export const utilityReturn = rateTerm({
  name: "utility_return",
  rate: "return",
  sign: -1,
  description:
    "Probability that a purchase of the item comes back, as a share of the largest of the catalogue (linear): 1 is the item that comes back most, 0 is never.",
});

export const utilityExposure = rateTerm({
  name: "utility_exposure",
  rate: "exposure",
  sign: 1,
  isOfTheRare: true,
  description:
    "How little the item was shown, by the logarithm of its showings: 1 was never shown, 0 was shown most of all.",
});

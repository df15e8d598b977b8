import { DAY_MS } from "@recsys/contracts";
import { listScores, scoreAt } from "../signals/ranked-lists.ts";
import { numberOrNull, type Feature } from "./feature.ts";

const card = {
  owner: "ranking",
  privacy: "item",
} as const;

export const itemPopularity: Feature = {
  ...card,
  name: "item_popularity",
  definition: "Calibrated popularity of the item with everybody.",
  unit: "0 to 1",
  source: "signal popularity",
  freshness: "last run of the popularity job",
  default: 0,
  missing: "the popularity signal is not in the manifest",
  prepare({ snapshot }) {
    const bound = snapshot.bound.popularity;
    if (bound === undefined) return () => null;
    const scores = listScores(bound, "");
    return (_, position) => scoreAt(bound, scores, position);
  },
};

export const itemPrice: Feature = {
  ...card,
  name: "item_price",
  definition: "Price of the item in its own currency.",
  unit: "currency",
  source: "catalogue",
  freshness: "catalogue revision of the decision",
  default: 0,
  missing: "the item has no price",
  prepare({ snapshot }) {
    const { price } = snapshot.catalogue.columns;
    return (_, position) => numberOrNull(price[position]);
  },
};

export const itemAgeDays: Feature = {
  ...card,
  name: "item_age_days",
  definition: "Time since the item was created.",
  unit: "days",
  source: "catalogue",
  freshness: "at the moment of the decision",
  default: 365,
  missing: "the item has no created_at",
  prepare({ snapshot, now }) {
    const { createdAt } = snapshot.catalogue.columns;
    return (_, position) =>
      numberOrNull((now - (createdAt[position] ?? NaN)) / DAY_MS);
  },
};

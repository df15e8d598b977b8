import { listScores, scoreAt } from "../signals/ranked-lists.ts";
import { numberOrNull, type CandidateFeature } from "./feature.ts";

const DAY_MS = 86_400_000;

const card = {
  of: "candidate",
  owner: "ranking",
  privacy: "item",
} as const;

export const itemPopularity: CandidateFeature = {
  ...card,
  name: "item_popularity",
  definition: "Calibrated popularity of the item with everybody.",
  unit: "0 to 1",
  source: "signal popularity",
  freshness: "last run of the popularity job",
  default: 0,
  missing: "the popularity signal is not in the manifest",
  value({ snapshot }, position) {
    const bound = snapshot.bound.popularity;
    return bound === undefined
      ? null
      : scoreAt(bound, listScores(bound, ""), position);
  },
};

export const itemPrice: CandidateFeature = {
  ...card,
  name: "item_price",
  definition: "Price of the item in its own currency.",
  unit: "currency",
  source: "catalogue",
  freshness: "catalogue revision of the decision",
  default: 0,
  missing: "the item has no price",
  value: ({ snapshot }, position) =>
    numberOrNull(snapshot.catalogue.columns.price[position]),
};

export const itemAgeDays: CandidateFeature = {
  ...card,
  name: "item_age_days",
  definition: "Time since the item was created.",
  unit: "days",
  source: "catalogue",
  freshness: "at the moment of the decision",
  default: 365,
  missing: "the item has no created_at",
  value: ({ snapshot, now }, position) =>
    numberOrNull(
      (now - (snapshot.catalogue.columns.createdAt[position] ?? NaN)) / DAY_MS,
    ),
};

import type { Work } from "../work.ts";
import type { Feature } from "./feature.ts";
import { itemAgeDays, itemPopularity, itemPrice } from "./item-features.ts";
import { SIGNAL_FEATURES } from "./signal-features.ts";
import {
  requestAnchorCount,
  userCategoryItems,
  userEvents,
  userIdleDays,
  userItems,
  userPurchases,
} from "./user-features.ts";

/** Every feature that decision records carry. */
export const FEATURES: readonly Feature[] = [
  ...SIGNAL_FEATURES,
  itemPopularity,
  itemPrice,
  itemAgeDays,
  userEvents,
  userItems,
  userPurchases,
  userIdleDays,
  userCategoryItems,
  requestAnchorCount,
];

export type FeatureValues = Readonly<Record<string, number | null>>;

/** Gives the feature values of any scored candidate; what is the same for all is computed once. */
export function featureReader(
  work: Work,
): (candidate: number) => FeatureValues {
  // Every object starts as a copy of one that has all keys, so that all have
  // one shape: adding keys one by one costs more than computing the values.
  const template: Record<string, number | null> = {};
  const own: Extract<Feature, { of: "candidate" }>[] = [];
  for (const feature of FEATURES) {
    template[feature.name] =
      feature.of === "request" ? feature.value(work) : null;
    if (feature.of === "candidate") own.push(feature);
  }
  return (candidate) => {
    const position = work.pool.columns.position[candidate] ?? 0;
    const values = { ...template };
    for (const feature of own) {
      values[feature.name] = feature.value(work, position);
    }
    return values;
  };
}

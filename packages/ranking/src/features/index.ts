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
  const shared: Record<string, number | null> = {};
  const own: Extract<Feature, { of: "candidate" }>[] = [];
  for (const feature of FEATURES) {
    if (feature.of === "request") shared[feature.name] = feature.value(work);
    else own.push(feature);
  }
  return (candidate) => {
    const position = work.pool.columns.position[candidate] ?? 0;
    const values: Record<string, number | null> = {};
    for (const feature of own) {
      values[feature.name] = feature.value(work, position);
    }
    return Object.assign(values, shared);
  };
}

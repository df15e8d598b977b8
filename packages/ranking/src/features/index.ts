import type { FeatureRow } from "@recsys/contracts";
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

/** Their names: what the columns of a `FeatureRow` are. */
export const FEATURE_NAMES: readonly string[] = FEATURES.map(
  ({ name }) => name,
);

/** Gives the feature values of any scored candidate. */
export function featureReader(work: Work): (candidate: number) => FeatureRow {
  const readers = FEATURES.map((feature) => feature.prepare(work));
  const { position } = work.pool.columns;
  return (candidate) => {
    const at = position[candidate] ?? 0;
    return readers.map((read) => read(candidate, at));
  };
}

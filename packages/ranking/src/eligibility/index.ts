import { age } from "./age.ts";
import { blockRules } from "./block-rules.ts";
import { existing, inStock, onSale } from "./availability.ts";
import type { Filter } from "./filter.ts";
import {
  alreadySeen,
  alreadyShown,
  anchorItem,
  disliked,
  excluded,
  frequencyCap,
  included,
} from "./marks.ts";
import { policyLabel } from "./policy-label.ts";
import { price } from "./price.ts";
import { allOf, anyOf, noneOf } from "./tags.ts";
import { expired, notYetValid } from "./validity.ts";
import { where } from "./where.ts";

/** Every filter, in the order in which one that holds gives the reason. */
export const FILTERS: readonly Filter[] = [
  existing,
  onSale,
  notYetValid,
  expired,
  inStock,
  policyLabel,
  included,
  excluded,
  anchorItem,
  disliked,
  alreadyShown,
  frequencyCap,
  alreadySeen,
  allOf,
  anyOf,
  noneOf,
  price,
  age,
  where,
  blockRules,
];

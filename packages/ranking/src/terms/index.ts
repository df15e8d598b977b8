import { fatigue } from "./fatigue.ts";
import { rotation } from "./rotation.ts";
import type { Term } from "./term.ts";
import { utilityMargin } from "./utility-margin.ts";
import {
  utilityClick,
  utilityExposure,
  utilityHide,
  utilityPurchase,
  utilityReturn,
} from "./utility-rates.ts";

/** Every term. The order is that in which they are added to the score, after the sources. */
export const TERMS: readonly Term[] = [
  rotation,
  fatigue,
  utilityClick,
  utilityPurchase,
  utilityMargin,
  utilityHide,
  utilityReturn,
  utilityExposure,
];

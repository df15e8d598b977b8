import type { SignalName } from "@recsys/contracts";
import { boughtTogether } from "./bought-together.ts";
import { coVisits } from "./co-visits.ts";
import { content } from "./content.ts";
import { ials } from "./ials.ts";
import { itemKnn } from "./item-knn.ts";
import { itemRates } from "./item-rates.ts";
import { popularity } from "./popularity.ts";
import type { Signal } from "./signal.ts";
import { trending } from "./trending.ts";

/** The registry: every signal that can be learned, by the names and in the order of the contracts' `SIGNAL_NAMES`. */
export const SIGNALS: { readonly [N in SignalName]: Signal<N> } = {
  popularity,
  trending,
  "co-visits": coVisits,
  "bought-together": boughtTogether,
  "item-knn": itemKnn,
  content,
  ials,
  "item-rates": itemRates,
};

// What a signal is.
export type { Origin } from "./layout.ts";
export type { ItemText, Signal, SignalInput } from "./signal.ts";

// What it learns from.
export { createInteractions } from "./create-interactions.ts";
export type { ItemCounts } from "./item-counts.ts";
export type { Interactions } from "./interactions.ts";

// Models beside the signals, not served yet.
export { MODELS } from "./models/index.ts";
export type { FitContext, Fitted, History, Model } from "./models/model.ts";

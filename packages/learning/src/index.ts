import { SIGNAL_NAMES, type SignalName } from "@recsys/contracts";
import { boughtTogether } from "./bought-together.ts";
import { coVisits } from "./co-visits.ts";
import { content } from "./content.ts";
import { ials } from "./ials.ts";
import { itemKnn } from "./item-knn.ts";
import type { ParameterDefinitions } from "./parameters.ts";
import { popularity } from "./popularity.ts";
import type { Signal } from "./signal.ts";
import { trending } from "./trending.ts";

export {
  createInteractions,
  type InteractionColumns,
} from "./create-interactions.ts";
export type { Interactions } from "./interactions.ts";
export type {
  ParameterDefinition,
  ParameterDefinitions,
} from "./parameters.ts";
export type { Origin } from "./provenance.ts";
export type {
  ItemText,
  LearnContext,
  Signal,
  SignalInput,
  SignalModel,
} from "./signal.ts";

/** Every signal that can be learned, by name. */
export const SIGNALS: { readonly [N in SignalName]: Signal<N> } = {
  popularity,
  trending,
  "co-visits": coVisits,
  "bought-together": boughtTogether,
  "item-knn": itemKnn,
  content,
  ials,
};

/** What can be tuned per signal: default, range, unit and meaning of each parameter. */
export const DEFAULT_PARAMETERS: Readonly<
  Record<SignalName, ParameterDefinitions>
> = Object.fromEntries(
  SIGNAL_NAMES.map((name) => [name, SIGNALS[name].parameters]),
) as Record<SignalName, ParameterDefinitions>;

import type {
  Artifact,
  Item,
  Kernels,
  SignalName,
  SignalViews,
} from "@recsys/contracts";
import type { Interactions } from "./interactions.ts";
import type { FactorsModel } from "./factors.ts";
import type { NeighboursModel } from "./neighbours.ts";
import type { ParameterDefinitions } from "./parameters.ts";
import type { Origin } from "./layout.ts";
import type { ItemCounts } from "./item-counts.ts";
import type { RatesModel } from "./rates.ts";
import type { RankedListsModel } from "./ranked-lists.ts";

/** The part of an item that content similarity reads. */
export type ItemText = Pick<
  Item,
  "item_id" | "tags" | "category" | "brand" | "title" | "description"
>;

/** What each signal learns from. */
export type SignalInput<N extends SignalName> = N extends "content"
  ? readonly ItemText[]
  : N extends "item-rates"
    ? ItemCounts
    : Interactions;

/** What each signal has learned, before it is bytes. */
export type SignalModel<N extends SignalName> =
  SignalViews[N]["kind"] extends "ranked-lists"
    ? RankedListsModel
    : SignalViews[N]["kind"] extends "factors"
      ? FactorsModel
      : SignalViews[N]["kind"] extends "rates"
        ? RatesModel
        : NeighboursModel;

export interface LearnContext {
  /** Unix milliseconds: the moment that decay counts back from. */
  readonly asOf: number;
  readonly kernels: Kernels;
  /** Called now and then with the finished share, 0..1, and at the end with 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** One signal: how it is learned, stored and read. */
export interface Signal<N extends SignalName> {
  readonly name: N;
  readonly schemaVersion: number;
  readonly parameters: ParameterDefinitions;
  /** `parameters` override the defaults; unknown names and values out of range throw. */
  compute(
    input: SignalInput<N>,
    parameters: Readonly<Record<string, number>>,
    context: LearnContext,
  ): SignalModel<N>;
  /** `origin` may be a whole provenance; the signal's own fields win. */
  pack(model: SignalModel<N>, origin: Origin): Artifact;
  /** Views on the artifact's arrays, nothing copied but ids; kernels make a fold-in faster. Throws a plain Error when it is another kind, version or shape. */
  view(artifact: Artifact, kernels?: Kernels): SignalViews[N];
}

/**
 * What a loaded signal looks like to ranking. `learning` packs artifacts and
 * makes these views of them; `ranking` reads them; positions are those of the
 * artifact's own `ids`. Scores are calibrated to 0..1 when packed.
 */
export interface RankedListsView {
  readonly kind: "ranked-lists";
  readonly ids: readonly string[];
  /** Best first, by group; the group "" is everybody, `country:France` one context. */
  readonly groups: ReadonlyMap<string, RankedListView>;
}

export interface RankedListView {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** For each item its nearest others, best first, as compressed rows. */
export interface NeighboursView {
  readonly kind: "neighbours";
  readonly ids: readonly string[];
  /** Row i is `[offsets[i], offsets[i + 1])`; length ids + 1. */
  readonly offsets: Int32Array;
  readonly neighbours: Int32Array;
  readonly scores: Float32Array;
}

/** Item factors with the means to place a user among them. */
export interface FactorsView {
  readonly kind: "factors";
  readonly ids: readonly string[];
  readonly dimension: number;
  /** Row-major, ids × dimension. */
  readonly factors: Float32Array;
  /**
   * The user's vector from the items of the user and their weights
   * (positive). An empty history gives the zero vector.
   */
  foldIn(items: Int32Array, weights: Float32Array): Float32Array;
}

/** What happens to an item that is shown, and how often it is. */
export const RATE_NAMES = [
  "click",
  "purchase",
  "hide",
  "return",
  "exposure",
] as const;
export type RateName = (typeof RATE_NAMES)[number];

/** Rates by item. */
export interface RatesView {
  readonly kind: "rates";
  readonly ids: readonly string[];
  /** Calibrated values by item, and that of an item of which nothing is known. */
  readonly rates: Readonly<
    Record<
      RateName,
      { readonly values: Float32Array; readonly typical: number }
    >
  >;
}

/** The signals that sources and terms may need, with the view each arrives as. */
export interface SignalViews {
  readonly popularity: RankedListsView;
  readonly trending: RankedListsView;
  readonly "co-visits": NeighboursView;
  readonly "bought-together": NeighboursView;
  readonly "item-knn": NeighboursView;
  readonly content: NeighboursView;
  readonly ials: FactorsView;
  readonly "item-rates": RatesView;
}

export type SignalName = keyof SignalViews;
export type SignalView = SignalViews[SignalName];

export const SIGNAL_NAMES = [
  "popularity",
  "trending",
  "co-visits",
  "bought-together",
  "item-knn",
  "content",
  "ials",
  "item-rates",
] as const satisfies readonly SignalName[];

/** Light enough to be kept fresh inside the service in DB-only mode. */
export const LIGHT_SIGNALS = [
  "popularity",
  "trending",
  "co-visits",
  "bought-together",
  "content",
  "item-rates",
] as const satisfies readonly SignalName[];

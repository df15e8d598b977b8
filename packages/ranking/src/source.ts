import type {
  KnobDefinition,
  RankRequest,
  SignalName,
  SignalViews,
  StarterProfile,
} from "@recsys/contracts";
import type { Bound } from "./bindings.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ColdItems } from "./cold-items.ts";
import type { Anchor, History } from "./history.ts";
import type { Knobs } from "./knob-reader.ts";
import type { NamedItem } from "./named-items.ts";
import type { Scratch } from "./scratch.ts";

/** What a source may look at. Nothing else: no clock, no chance, no other source. */
export interface SourceInput<Needs extends SignalName> {
  readonly request: RankRequest;
  readonly catalogue: Catalogue;
  /** One of the signals that the source declared in `needs`; all of them are there. */
  readonly signal: <Name extends Needs>(name: Name) => Bound<SignalViews[Name]>;
  readonly knobs: Knobs;
  /** Items to start from: the request's anchors, else the user's history. */
  readonly anchors: readonly Anchor[];
  /** Items of the user's history with their weights, whatever the anchors. */
  readonly tastes: readonly Anchor[];
  /** What the user did; empty when consent is denied. */
  readonly history: History;
  readonly pins: readonly NamedItem[];
  readonly boosts: readonly NamedItem[];
  /** Items on trial; null where nothing is explored. */
  readonly cold: ColdItems | null;
  /** Of the segment that applies. */
  readonly starter: StarterProfile | null;
  /** How many candidates to offer at most: the quota and what filters will surely take. */
  readonly limit: number;
  readonly now: number;
  /** Arrays to work in, private to this source during this request. */
  readonly scratch: Scratch;
}

export interface Offered {
  readonly outcome: "ok";
  /** Distinct catalogue positions, at most `limit`, in any order. */
  readonly positions: Int32Array;
  /**
   * The calibrated signal, 0 to 1, of any item of the catalogue, whether or
   * not it was offered. Valid until the next request.
   */
  readonly scoreOf: (position: number) => number;
  /** The same for many items at once, where a source can do that faster. */
  readonly scoreInto?: (many: ManyItems) => void;
  /** Why this item, as a key of `reasons`; the first key where left out. */
  readonly reasonOf?: (position: number) => SourceReason;
}

/** Items to score: `out[i]` gets what `scoreOf(positions[i])` gives. */
export interface ManyItems {
  readonly positions: Int32Array;
  readonly out: Float64Array;
}

export interface SourceReason {
  readonly code: string;
  /** Catalogue position of the item named by `{anchor}` in the text. */
  readonly anchor?: number;
}

export interface NotOffered {
  readonly outcome: "not-applicable" | "unavailable";
  /** For people, such as "the user has no history". */
  readonly reason: string;
}

export type Offer = Offered | NotOffered;

/** A way to propose and score items: one file in `sources/` and one line in `sources/index.ts`. */
export interface Source<Needs extends SignalName = SignalName> {
  /** Lower case with underscores; `<name>.weight` and `<name>.quota` are its knobs. */
  readonly name: string;
  /** One sentence for the reference. */
  readonly description: string;
  readonly needs: readonly Needs[];
  /** When it reads the user's history, and so is silent without consent. */
  readonly personal: "never" | "always" | "without-anchors";
  /** Runs at weight 0 too and offers when nothing but given items may be listed. */
  readonly isGiven?: boolean;
  /** Whether it offers in this request at weight 0, too. */
  readonly isAsked?: (knobs: Knobs) => boolean;
  /** Its own knobs beside weight and quota. */
  readonly knobs: readonly KnobDefinition[];
  /** Texts by code, in plain words; `{anchor}` stands for the title of an item. */
  readonly reasons: Readonly<Record<string, string>>;
  offer(input: SourceInput<Needs>): Offer;
}

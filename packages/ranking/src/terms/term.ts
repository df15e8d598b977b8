import type {
  KnobDefinition,
  RankRequest,
  SignalName,
  UserState,
} from "@recsys/contracts";
import type { History } from "../history.ts";
import type { Knobs } from "../knob-reader.ts";
import type { Snapshot } from "../snapshot.ts";

/** What a term may look at. */
export interface TermInput {
  readonly request: RankRequest;
  readonly snapshot: Snapshot;
  readonly userState: UserState;
  /** What the user did; empty when consent is denied. */
  readonly history: History;
  readonly knobs: Knobs;
  readonly now: number;
}

/** The value of the item at a catalogue position, 0 to 1; anything else counts as 0 or 1. */
export type ValueOf = (position: number) => number;

/**
 * A part of the score that no source gives: what the shop or the moment says
 * of an item, whoever proposed it. One file in `terms/` and one line in
 * `terms/index.ts`; at weight 0, the default, it costs nothing.
 */
export interface Term {
  /** Lower case with underscores; `<name>.weight` is its knob. */
  readonly name: string;
  /** One sentence for the reference: what a value of 1 means, and of 0. */
  readonly description: string;
  /** Whether its value is added to the score or taken from it. */
  readonly sign: 1 | -1;
  readonly privacy: "item" | "personal" | "context";
  /** Signals that it reads; where one is missing it has nothing to say, which the answer tells. */
  readonly needs?: readonly SignalName[];
  /** Its own knobs beside the weight. */
  readonly knobs: readonly KnobDefinition[];
  /** Called once for a request in which it has weight; null where it has nothing to say. */
  prepare(input: TermInput): ValueOf | null;
}

/** A term that moves scores in this request. */
export interface ActiveTerm {
  readonly term: Term;
  /** Weight × sign. */
  readonly weight: number;
  readonly valueOf: ValueOf;
}

import type { DecisionRecord } from "./decision.ts";

/** A decision as exports hand it on: its `subject` is a hash of the person, all else is the record. */
export interface ExportedDecision {
  readonly record: DecisionRecord;
  /** Unix milliseconds. */
  readonly decidedAt: number;
  /** Unix milliseconds. */
  readonly shippedAt: number;
  /** A merge gave its person another experiment bucket. */
  readonly contaminated: boolean;
}

/** One item that one person really saw. */
export interface SeenItem {
  readonly requestId: string;
  readonly itemId: string;
  readonly userKey: string | null;
  /** Unix milliseconds. */
  readonly ts: number;
  /** Seen under an identity that a merge moved to another experiment unit: not analysed. */
  readonly contaminated?: boolean;
}

/** What somebody did afterwards. */
export interface Outcome {
  readonly outcomeId: string;
  /** null: the client did not say which answer it came from. */
  readonly requestId: string | null;
  readonly itemId: string;
  readonly userKey: string | null;
  readonly type: string;
  /** Unix milliseconds. */
  readonly ts: number;
}

import type { PointerName } from "@recsys/contracts";

/** A Change is open while proposed or approved; the other states are final. */
export const CHANGE_STATES = [
  "proposed",
  "approved",
  "applied",
  "superseded",
  "refused",
] as const;
export type ChangeState = (typeof CHANGE_STATES)[number];

/** `review`: are the approvals there? `apply`: move the pointer, after asking everything again. */
export const CHANGE_COMMANDS = ["review", "apply"] as const;
export type ChangeCommand = (typeof CHANGE_COMMANDS)[number];

/** A proposal to move a pointer, and how far it got. */
export interface Change {
  readonly changeId: string;
  readonly pointer: PointerName;
  readonly contentHash: string;
  /** Version that the author saw; null when there was none. */
  readonly baseVersion: number | null;
  readonly author: string;
  /** Rises when the content is edited; approvals count for one cycle. */
  readonly reviewCycle: number;
  readonly state: ChangeState;
}

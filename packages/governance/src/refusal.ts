/** One condition that is not met, who can meet it, and the call to make. */
export interface UnmetGate {
  readonly gate: "change-open" | "not-vetoed" | "approvals" | "base-is-live";
  readonly because: string;
  readonly satisfiableBy: readonly string[];
  readonly call: string;
}

/** Why nothing moves: every unmet gate at once. */
export interface Refusal {
  readonly gates: readonly UnmetGate[];
}

/** Outcome of an automatic analysis: the only input of rollout plans and gates. */
export const VERDICT_KINDS = [
  "pass",
  "fail",
  "inconclusive",
  "error",
  "no_data",
] as const;

export interface Verdict {
  readonly kind: (typeof VERDICT_KINDS)[number];
  /** Unix milliseconds of the analysis. */
  readonly at: number;
  /** What was analysed: a metric, a guardrail, a gate. */
  readonly subject: string;
  readonly because: readonly string[];
}

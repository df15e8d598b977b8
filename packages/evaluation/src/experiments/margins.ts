import type { ComputedInterval } from "@recsys/contracts";

/** What was declared before the experiment began. */
export type Claim =
  | { readonly kind: "superiority"; readonly margin: number }
  | { readonly kind: "non-inferiority"; readonly margin: number }
  | { readonly kind: "equivalence"; readonly margin: number };

/** `undecided` is an answer: more users or a wider margin, never a point estimate. */
export interface ClaimVerdict {
  readonly verdict: "shown" | "refuted" | "undecided";
  readonly because: string;
}

/**
 * Judges a claim about the difference b - a by its interval alone.
 * Superiority: better by more than the margin (≥ 0). Non-inferiority: worse by
 * less than the margin. Equivalence: within the margin on both sides.
 * Piaggio et al., Reporting of noninferiority and equivalence trials, JAMA 308 (2012).
 * `better: lower` mirrors the interval. Throws for a negative margin.
 */
export function judgeClaim(
  interval: ComputedInterval,
  claim: Claim,
  better: "higher" | "lower" = "higher",
): ClaimVerdict {
  if (!(claim.margin >= 0)) throw new Error(`margin ${claim.margin}`);
  if (interval.kind === "not-computable") {
    return { verdict: "undecided", because: interval.because };
  }
  const { low, high } =
    better === "higher"
      ? interval
      : { low: -interval.high, high: -interval.low };
  const verdict = verdictOf(claim, low, high);
  const facts = `gain ${digits(low)} to ${digits(high)}, margin ${digits(claim.margin)}`;
  return { verdict, because: `${claim.kind} ${verdict}: ${facts}` };
}

function verdictOf(claim: Claim, low: number, high: number) {
  const { margin } = claim;
  switch (claim.kind) {
    case "superiority":
      return judge(low > margin, high <= margin);
    case "non-inferiority":
      return judge(low > -margin, high <= -margin);
    case "equivalence":
      return judge(
        low > -margin && high < margin,
        high <= -margin || low >= margin,
      );
  }
}

function judge(shown: boolean, refuted: boolean) {
  return shown ? "shown" : refuted ? "refuted" : "undecided";
}

function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}

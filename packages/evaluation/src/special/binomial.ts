import { incompleteBeta } from "./incomplete-beta.ts";

/** P(X ≤ k) of a binomial with n trials of probability ½. */
export function fairBinomialCdf(k: number, n: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta({ x: 0.5, y: 0.5 }, n - k, k + 1).lower;
}

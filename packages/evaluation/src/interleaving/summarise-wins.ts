import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";
import { fairBinomialCdf } from "../special/binomial.ts";

export interface Wins {
  readonly winsA: number;
  readonly winsB: number;
  readonly ties: number;
}

export interface WinSummary extends Wins {
  /** (wins of a + half of the ties) ÷ all - ½; above 0 favours a. */
  readonly deltaAb: ComputedNumber;
  /** Exact two-sided sign test without ties; 1 when nobody won. */
  readonly signTestP: number;
}

/**
 * Outcome of many interleaved lists.
 * Chapelle, Joachims, Radlinski, Yue, Large-scale validation of interleaved search evaluation, TOIS 30 (2012), eq. 1; Conover (1999), 3.4.
 * Delta is not computable without lists.
 */
export function summariseWins({ winsA, winsB, ties }: Wins): WinSummary {
  const all = winsA + winsB + ties;
  const because = all > 0 ? null : "there are no interleaved lists";
  return {
    winsA,
    winsB,
    ties,
    deltaAb: unless(because, (winsA + ties / 2) / all - 0.5),
    signTestP: signTest(winsA, winsB),
  };
}

/** The fair binomial is symmetric, so both tails are as heavy. */
function signTest(winsA: number, winsB: number): number {
  const least = Math.min(winsA, winsB);
  return Math.min(1, 2 * fairBinomialCdf(least, winsA + winsB));
}

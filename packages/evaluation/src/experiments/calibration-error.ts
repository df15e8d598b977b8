import type { ComputedNumber } from "@recsys/contracts";
import { unless } from "../computed.ts";

/** A predicted probability and what happened. */
export interface Prediction {
  readonly probability: number;
  readonly outcome: 0 | 1;
}

export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly meanProbability: number;
  readonly observedRate: number;
}

export interface CalibrationError {
  /** Mean over predictions of |mean probability - observed rate| of their bin. */
  readonly expected: ComputedNumber;
  /** The worst bin. */
  readonly most: ComputedNumber;
  /** Mean (probability - outcome)². */
  readonly brier: ComputedNumber;
  /** Sum of probabilities ÷ sum of outcomes: 1 when right on the whole. */
  readonly overall: ComputedNumber;
  /** Bins with predictions only, ascending. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * Calibration error over `count` bins of equal width; a probability of 1
 * belongs to the last.
 * Naeini, Cooper, Hauskrecht, Obtaining well calibrated probabilities, AAAI (2015); Brier (1950).
 * Range 0..1. Not computable without predictions; `overall` neither without outcomes.
 */
export function calibrationError(
  predictions: Iterable<Prediction>,
  count = 10,
): CalibrationError {
  const sums = Array.from({ length: count }, () => ({ n: 0, p: 0, y: 0 }));
  let [n, brier, total, happened] = [0, 0, 0, 0];
  for (const { probability, outcome } of predictions) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new Error(`${probability} is no probability`);
    }
    const at = Math.min(count - 1, Math.floor(probability * count));
    const bin = sums[at];
    if (bin === undefined) continue;
    bin.n++;
    bin.p += probability;
    bin.y += outcome;
    n++;
    brier += (probability - outcome) ** 2;
    total += probability;
    happened += outcome;
  }
  const bins = sums.flatMap((bin, i) =>
    bin.n === 0
      ? []
      : [
          {
            low: i / count,
            high: (i + 1) / count,
            n: bin.n,
            meanProbability: bin.p / bin.n,
            observedRate: bin.y / bin.n,
          },
        ],
  );
  const because = n > 0 ? null : "there are no predictions";
  const gaps = bins.map((bin) =>
    Math.abs(bin.meanProbability - bin.observedRate),
  );
  const weighted = gaps.reduce(
    (sum, gap, i) => sum + gap * (bins[i]?.n ?? 0),
    0,
  );
  return {
    expected: unless(because, weighted / n),
    most: unless(because, Math.max(0, ...gaps)),
    brier: unless(because, brier / n),
    overall: unless(
      because ?? (happened > 0 ? null : "nothing happened"),
      total / happened,
    ),
    bins,
  };
}

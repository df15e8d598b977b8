import type { ValueEstimate } from "./value-estimate.ts";
import type { WeightedRows } from "./weighted-rows.ts";

/** Limits of the estimators that trade bias for variance; all on the scale of weights. */
export interface EstimatorSettings {
  /** Two-sided, of the intervals. */
  readonly alpha: number;
  /** Weights are cut here. */
  readonly clipLambda: number;
  /** Above this weight the model alone is believed. */
  readonly switchLambda: number;
  /** The larger, the closer DRos is to DR; 0 is DM. */
  readonly shrinkLambda: number;
}

export interface Estimator {
  readonly name: string;
  /** Whether rows must hold predicted rewards. */
  readonly needsModel: boolean;
  /** Consistent when the propensities are right, whatever the model. */
  readonly unbiased: boolean;
  readonly estimate: (
    rows: WeightedRows,
    settings: EstimatorSettings,
  ) => ValueEstimate;
}

import type { Artifact, Tensor } from "@recsys/contracts";
import { requireTensor } from "./read-artifact.ts";

/**
 * The fixed map from a signal's raw score to 0..1 that its artifact carries:
 * - linear: min(1, raw / scale), for scores that are shares or cosines
 * - log: ln(1 + raw / unit) / ln(1 + scale / unit), for counts, with `scale`
 *   the largest raw score and `unit` what counts as one
 * - saturating: raw / (raw + scale), for scores without an upper end
 * Negative and NaN raw scores map to 0. All are monotone, so no order changes.
 */
export interface Calibration {
  readonly kind: "linear" | "log" | "saturating";
  readonly scale: number;
  /** Used by `log` alone; 1 otherwise. */
  readonly unit: number;
}

const CODES = { linear: 0, log: 1, saturating: 2 } as const;

/** A raw score as a number from 0 to 1 that a 32-bit float holds exactly. */
export function calibrate(calibration: Calibration, raw: number): number {
  if (!(raw > 0) || !(calibration.scale > 0)) return 0;
  const { kind, scale, unit } = calibration;
  switch (kind) {
    case "linear":
      return Math.fround(Math.min(1, raw / scale));
    case "log":
      return Math.fround(
        Math.min(1, Math.log1p(raw / unit) / Math.log1p(scale / unit)),
      );
    case "saturating":
      return raw === Infinity ? 1 : Math.fround(raw / (raw + scale));
  }
}

/** As stored: one row of [code of the kind, scale, unit] per calibration. */
export function calibrationTensor(
  calibrations: readonly Calibration[],
): Tensor {
  const rows = calibrations.flatMap(({ kind, scale, unit }) => [
    CODES[kind],
    scale,
    unit,
  ]);
  return {
    dtype: "F64",
    shape: [calibrations.length, 3],
    values: Float64Array.from(rows),
  };
}

/** Throws unless the artifact carries `count` calibrations; nobody needs them to read calibrated scores. */
export function requireCalibrations(artifact: Artifact, count: number): void {
  requireTensor(artifact, {
    name: "calibration",
    dtype: "F64",
    shape: [count, 3],
  });
}

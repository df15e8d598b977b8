import { RATE_NAMES, type RateName, type RatesView } from "@recsys/contracts";
import {
  calibrationTensor,
  requireCalibrations,
  type Calibration,
} from "./calibration.ts";
import type { Layout } from "./layout.ts";
import { requireStrings, requireTensor } from "./read-artifact.ts";

/** One number by item for each rate, calibrated to 0..1. */
export interface RatesModel {
  readonly ids: readonly string[];
  readonly values: Readonly<Record<RateName, Float32Array>>;
  /** What an item has of which nothing is known: the calibrated mean of the prior. */
  readonly typical: Readonly<Record<RateName, number>>;
  readonly calibrations: Readonly<Record<RateName, Calibration>>;
  readonly parameters: Readonly<Record<string, number>>;
}

/** Tensors: one of each rate [ids], typical [rates], calibration [rates, 3]; strings: ids. Rates in the order of RATE_NAMES. */
export const RATES: Layout<RatesModel, RatesView> = {
  schemaVersion: 1,
  write: ({ ids, values, typical, calibrations }) => ({
    strings: { ids },
    tensors: {
      ...Object.fromEntries(
        RATE_NAMES.map((name) => [
          name,
          { dtype: "F32" as const, shape: [ids.length], values: values[name] },
        ]),
      ),
      typical: {
        dtype: "F32" as const,
        shape: [RATE_NAMES.length],
        values: Float32Array.from(RATE_NAMES, (name) => typical[name]),
      },
      calibration: calibrationTensor(
        RATE_NAMES.map((name) => calibrations[name]),
      ),
    },
  }),
  read: (artifact) => {
    const ids = requireStrings(artifact, "ids");
    requireCalibrations(artifact, RATE_NAMES.length);
    const typical = requireTensor(artifact, {
      name: "typical",
      dtype: "F32",
      shape: [RATE_NAMES.length],
    });
    const rates = RATE_NAMES.map((name, i) => {
      const shape = [ids.length];
      const values = requireTensor(artifact, { name, dtype: "F32", shape });
      return [name, { values, typical: typical[i] ?? 0 }] as const;
    });
    return {
      kind: "rates",
      ids,
      rates: Object.fromEntries(rates) as RatesView["rates"],
    };
  },
};

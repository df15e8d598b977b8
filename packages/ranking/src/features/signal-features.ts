import { SOURCES } from "../sources/index.ts";
import type { CandidateFeature } from "./feature.ts";

/** The calibrated signal of each source: what the blend adds up, before weights. */
export const SIGNAL_FEATURES: readonly CandidateFeature[] = SOURCES.map(
  ({ name, description, personal }) => ({
    of: "candidate",
    name: `signal_${name}`,
    definition: `Calibrated signal of the source ${name}. ${description}`,
    unit: "0 to 1",
    owner: "ranking",
    source: `source ${name}`,
    freshness: "at the moment of the decision",
    default: 0,
    missing: "the source is off, unavailable or not applicable",
    privacy: personal === "never" ? "item" : "personal",
    value({ active, pool }, position) {
      const at = active.findIndex(({ source }) => source.name === name);
      const candidate = (pool.candidateAt[position] ?? 0) - 1;
      if (at < 0 || candidate < 0) return null;
      const { signals, capacity } = pool.columns;
      return signals[at * capacity + candidate] ?? null;
    },
  }),
);

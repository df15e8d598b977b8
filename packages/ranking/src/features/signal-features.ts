import { signalFeature } from "@recsys/contracts";
import { SOURCES } from "../sources/index.ts";
import type { Feature } from "./feature.ts";

/** The calibrated signal of each source: what the blend adds up, before weights. */
export const SIGNAL_FEATURES: readonly Feature[] = SOURCES.map(
  ({ name, description, personal }) => ({
    name: signalFeature(name),
    definition: `Calibrated signal of the source ${name}. ${description}`,
    unit: "0 to 1",
    owner: "ranking",
    source: `source ${name}`,
    freshness: "at the moment of the decision",
    default: 0,
    missing: "the source is off, unavailable or not applicable",
    privacy: personal === "never" ? "item" : "personal",
    prepare({ active, pool }) {
      const at = active.findIndex(({ source }) => source.name === name);
      if (at < 0) return () => null;
      const { signals, capacity } = pool.columns;
      return (candidate) => signals[at * capacity + candidate] ?? null;
    },
  }),
);

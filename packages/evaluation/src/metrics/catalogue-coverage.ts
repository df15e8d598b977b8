import { computed, notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Distinct shown items that are in the catalogue, divided by the catalogue's size.
 * Ge, Delgado-Battenfeld, Jannach, Beyond accuracy, RecSys (2010).
 * Range 0..1. Not computable for an empty catalogue.
 */
export const catalogueCoverage: ExposureMetric = {
  kind: "exposure",
  name: "catalogue_coverage",
  cut: "optional",
  better: "higher",
  range: [0, 1],
  value: (counts, facts) => {
    const catalogue = new Set(facts.catalogue);
    if (catalogue.size === 0) return notComputable("the catalogue is empty");
    let shown = 0;
    for (const item of counts.slots.keys()) if (catalogue.has(item)) shown++;
    return computed(shown / catalogue.size);
  },
};

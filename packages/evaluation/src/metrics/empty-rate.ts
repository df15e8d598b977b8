import { computed, notComputable } from "../computed.ts";
import type { ExposureMetric } from "../metric.ts";

/**
 * Share of the lists that hold nothing: empty lists / lists.
 * This product's own definition.
 * Range 0..1. Takes no k. Not computable when there are no lists.
 */
export const emptyRate: ExposureMetric = {
  kind: "exposure",
  name: "empty_rate",
  cut: "none",
  better: "lower",
  range: [0, 1],
  value: ({ emptyLists, listCount }) =>
    listCount === 0
      ? notComputable("there are no lists")
      : computed(emptyLists / listCount),
};

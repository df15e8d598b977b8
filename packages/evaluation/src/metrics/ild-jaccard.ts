import type { ListMetric } from "../metric.ts";
import { meanPairDistance } from "./list-distance.ts";

/**
 * Intra-list distance on category sets: mean over unordered pairs of
 * 1 - |A ∩ B| / |A ∪ B|; two items without categories have similarity 0.
 * Ziegler et al., Improving recommendation lists through topic diversification, WWW (2005), with Jaccard's index.
 * Range 0..1. null for lists of fewer than two items.
 */
export const ildJaccard: ListMetric = {
  kind: "list",
  name: "ild_jaccard",
  cut: "optional",
  better: "higher",
  range: [0, 1],
  needs: ["categories"],
  score: ({ items }, { categories }) =>
    meanPairDistance(items, (a, b) =>
      jaccard(categories?.get(a) ?? [], categories?.get(b) ?? []),
    ),
};

function jaccard(a: readonly string[], b: readonly string[]): number {
  const left = new Set(a);
  const right = new Set(b);
  let both = 0;
  for (const category of left) if (right.has(category)) both++;
  const either = left.size + right.size - both;
  return either === 0 ? 0 : both / either;
}

import type { ListMetric } from "../metric.ts";
import { meanPairDistance } from "./list-distance.ts";

/**
 * Intra-list distance on item vectors: mean over unordered pairs of
 * 1 - cosine; a zero or absent vector has similarity 0 to everything.
 * Ziegler et al., Improving recommendation lists through topic diversification, WWW (2005), with the cosine.
 * Range 0..2. null for lists of fewer than two items.
 */
export const ildCosine: ListMetric = {
  kind: "list",
  name: "ild_cosine",
  cut: "optional",
  better: "higher",
  range: [0, 2],
  needs: ["vectors"],
  score: ({ items }, { vectors }) =>
    meanPairDistance(items, (a, b) =>
      cosine(vectors?.get(a) ?? [], vectors?.get(b) ?? []),
    ),
};

function cosine(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let normA = 0;
  let normB = 0;
  for (const [i, x] of a.entries()) {
    dot += x * (b[i] ?? 0);
    normA += x * x;
  }
  for (const y of b) normB += y * y;
  if (normA === 0 || normB === 0) return 0;
  return dot / (Math.sqrt(normA) * Math.sqrt(normB));
}

import type { NeighboursView } from "@recsys/contracts";
import type { Bound } from "./bindings.ts";
import type { Catalogue } from "./catalogue.ts";

/** How alike two items are, 0 to 1, by catalogue position; null where nothing tells. Symmetric. */
export type Similarity = (a: number, b: number) => number | null;

/** The measure that `diversity.similarity` names. */
export function chooseSimilarity(
  choice: string,
  catalogue: Catalogue,
  content: Bound<NeighboursView> | undefined,
): Similarity {
  const byAttributes: Similarity = (a, b) =>
    attributeSimilarity(catalogue, a, b);
  if (choice === "attributes" || content === undefined) {
    return choice === "content" ? () => null : byAttributes;
  }
  const byContent: Similarity = (a, b) => contentSimilarity(content, a, b);
  return choice === "content"
    ? byContent
    : (a, b) => byAttributes(a, b) ?? byContent(a, b);
}

/**
 * Tags by Jaccard (half of the whole), same category path (0.3) and same brand
 * (0.2), over the parts that both items have.
 */
function attributeSimilarity(
  { columns }: Catalogue,
  a: number,
  b: number,
): number | null {
  let parts = 0;
  let sum = 0;
  const tagsA = columns.tags[a];
  const tagsB = columns.tags[b];
  if (tagsA?.length && tagsB?.length) {
    parts += 0.5;
    sum += 0.5 * jaccard(tagsA, tagsB);
  }
  const category = columns.category[a] ?? 0;
  if (category !== 0 && columns.category[b] !== 0) {
    parts += 0.3;
    if (category === columns.category[b]) sum += 0.3;
  }
  const brand = columns.brand[a] ?? 0;
  if (brand !== 0 && columns.brand[b] !== 0) {
    parts += 0.2;
    if (brand === columns.brand[b]) sum += 0.2;
  }
  return parts === 0 ? null : sum / parts;
}

/** Of two sorted lists of distinct numbers. */
function jaccard(a: readonly number[], b: readonly number[]): number {
  let shared = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) shared++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return shared / (a.length + b.length - shared);
}

/** The larger of the two directions, because rows are cut. */
function contentSimilarity(
  bound: Bound<NeighboursView>,
  a: number,
  b: number,
): number | null {
  const left = bound.toArtifact[a] ?? -1;
  const right = bound.toArtifact[b] ?? -1;
  if (left < 0 || right < 0) return null;
  return Math.max(
    entry(bound.view, left, right),
    entry(bound.view, right, left),
  );
}

function entry(view: NeighboursView, row: number, column: number): number {
  const { offsets, neighbours, scores } = view;
  const end = offsets[row + 1] ?? 0;
  for (let i = offsets[row] ?? 0; i < end; i++) {
    if (neighbours[i] === column) return Math.min(1, scores[i] ?? 0);
  }
  return 0;
}

/** Mean similarity of all pairs of a list; null where no pair can be compared. */
export function intraListSimilarity(
  positions: readonly number[],
  similarity: Similarity,
): number | null {
  let sum = 0;
  let pairs = 0;
  for (let i = 0; i < positions.length; i++) {
    for (let j = i + 1; j < positions.length; j++) {
      const value = similarity(positions[i] ?? 0, positions[j] ?? 0);
      if (value === null) continue;
      sum += value;
      pairs++;
    }
  }
  return pairs === 0 ? null : sum / pairs;
}

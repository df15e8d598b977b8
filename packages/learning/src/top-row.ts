/** Keeps the best few of many (position, score) offers. */
export interface TopRow {
  /** Scores of 0 or less and NaN never enter. */
  offer(position: number, score: number): void;
  /** The kept ones, best first, ties by lower position; starts over. */
  take(): { readonly positions: Int32Array; readonly scores: Float32Array };
}

/** A heap of at most `k` with the worst on top, so that an offer costs O(log k) and most cost one comparison. */
export function createTopRow(k: number): TopRow {
  const heap: Heap = {
    positions: new Int32Array(k),
    scores: new Float32Array(k),
  };
  let size = 0;
  return {
    offer(position, score) {
      if (!(score > 0) || k === 0) return;
      // Compared as it will be stored, or ties in the artifact would not be by position.
      const rounded = Math.fround(score);
      if (size < k) {
        put(heap, size, { position, score: rounded });
        siftUp(heap, size++);
        return;
      }
      const worst = heap.scores[0] ?? 0;
      if (rounded < worst) return;
      if (rounded === worst && position > (heap.positions[0] ?? 0)) return;
      put(heap, 0, { position, score: rounded });
      siftDown(heap, size);
    },
    take() {
      const count = size;
      for (let end = size - 1; end > 0; end--) {
        swap(heap, 0, end);
        siftDown(heap, end);
      }
      size = 0;
      return {
        positions: heap.positions.slice(0, count),
        scores: heap.scores.slice(0, count),
      };
    },
  };
}

interface Heap {
  readonly positions: Int32Array;
  readonly scores: Float32Array;
}

function put(
  heap: Heap,
  at: number,
  entry: { readonly position: number; readonly score: number },
): void {
  heap.positions[at] = entry.position;
  heap.scores[at] = entry.score;
}

function isWorse({ positions, scores }: Heap, a: number, b: number): boolean {
  const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
  return (
    difference < 0 ||
    (difference === 0 && (positions[a] ?? 0) > (positions[b] ?? 0))
  );
}

function swap({ positions, scores }: Heap, a: number, b: number): void {
  const position = positions[a] ?? 0;
  const score = scores[a] ?? 0;
  positions[a] = positions[b] ?? 0;
  scores[a] = scores[b] ?? 0;
  positions[b] = position;
  scores[b] = score;
}

function siftDown(heap: Heap, end: number): void {
  let i = 0;
  for (;;) {
    const left = 2 * i + 1;
    let worst = i;
    if (left < end && isWorse(heap, left, worst)) worst = left;
    if (left + 1 < end && isWorse(heap, left + 1, worst)) worst = left + 1;
    if (worst === i) return;
    swap(heap, i, worst);
    i = worst;
  }
}

function siftUp(heap: Heap, from: number): void {
  let i = from;
  while (i > 0 && isWorse(heap, i, (i - 1) >> 1)) {
    swap(heap, i, (i - 1) >> 1);
    i = (i - 1) >> 1;
  }
}

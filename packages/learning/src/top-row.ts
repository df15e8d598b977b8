/** Keeps the best few of many (position, score) offers. */
export interface TopRow {
  /** Scores of 0 or less and NaN never enter. */
  offer(position: number, score: number): void;
  /** The kept ones, best first, ties by lower position; starts over. */
  take(): { readonly positions: Int32Array; readonly scores: Float32Array };
}

/** A heap of at most `k` with the worst on top, so that an offer costs O(log k) and most cost one comparison. */
export function createTopRow(k: number): TopRow {
  const positions = new Int32Array(k);
  const scores = new Float32Array(k);
  let size = 0;
  const isWorse = (a: number, b: number) => {
    const difference = (scores[a] ?? 0) - (scores[b] ?? 0);
    return (
      difference < 0 ||
      (difference === 0 && (positions[a] ?? 0) > (positions[b] ?? 0))
    );
  };
  const swap = (a: number, b: number) => {
    const position = positions[a] ?? 0;
    const score = scores[a] ?? 0;
    positions[a] = positions[b] ?? 0;
    scores[a] = scores[b] ?? 0;
    positions[b] = position;
    scores[b] = score;
  };
  const siftDown = (end: number) => {
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      let worst = i;
      if (left < end && isWorse(left, worst)) worst = left;
      if (left + 1 < end && isWorse(left + 1, worst)) worst = left + 1;
      if (worst === i) return;
      swap(i, worst);
      i = worst;
    }
  };
  const siftUp = (from: number) => {
    let i = from;
    while (i > 0 && isWorse(i, (i - 1) >> 1)) {
      swap(i, (i - 1) >> 1);
      i = (i - 1) >> 1;
    }
  };
  return {
    offer(position, score) {
      if (!(score > 0)) return;
      const rounded = Math.fround(score);
      if (size < k) {
        positions[size] = position;
        scores[size] = rounded;
        siftUp(size++);
        return;
      }
      if (k === 0 || rounded < (scores[0] ?? 0)) return;
      if (rounded === scores[0] && position > (positions[0] ?? 0)) return;
      positions[0] = position;
      scores[0] = rounded;
      siftDown(size);
    },
    take() {
      const count = size;
      for (let end = size - 1; end > 0; end--) {
        swap(0, end);
        siftDown(end);
      }
      size = 0;
      return {
        positions: positions.slice(0, count),
        scores: scores.slice(0, count),
      };
    },
  };
}

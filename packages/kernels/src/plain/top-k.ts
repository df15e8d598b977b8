import { at } from "./dense.ts";

/** A heap of the k best so far with the worst of them on top; O(n log k). */
export function topK(scores: Float32Array, k: number): Int32Array {
  const heap = new Int32Array(Math.max(0, Math.min(k, scores.length)));
  let size = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(at(scores, i))) continue;
    if (size < heap.length) {
      heap[size] = i;
      siftUp(heap, scores, size++);
    } else if (size > 0 && isWorse(scores, heap[0] ?? 0, i)) {
      heap[0] = i;
      siftDown(heap, scores, size);
    }
  }
  const best = heap.slice(0, size);
  return best.sort((a, b) => (isWorse(scores, a, b) ? 1 : -1));
}

/** Whether a ranks after b: a lower score, or the same and a higher position. */
function isWorse(scores: Float32Array, a: number, b: number): boolean {
  const difference = at(scores, a) - at(scores, b);
  // Two equal infinities differ by NaN and fall through to the position.
  return difference < 0 || (!(difference > 0) && a > b);
}

function siftUp(heap: Int32Array, scores: Float32Array, from: number): void {
  let i = from;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!isWorse(scores, heap[i] ?? 0, heap[parent] ?? 0)) return;
    swap(heap, i, parent);
    i = parent;
  }
}

function siftDown(heap: Int32Array, scores: Float32Array, size: number): void {
  let i = 0;
  for (;;) {
    let worst = i;
    for (const child of [2 * i + 1, 2 * i + 2]) {
      if (child < size && isWorse(scores, heap[child] ?? 0, heap[worst] ?? 0)) {
        worst = child;
      }
    }
    if (worst === i) return;
    swap(heap, i, worst);
    i = worst;
  }
}

function swap(heap: Int32Array, a: number, b: number): void {
  const kept = heap[a] ?? 0;
  heap[a] = heap[b] ?? 0;
  heap[b] = kept;
}

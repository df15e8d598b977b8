import type { SignalView } from "@recsys/contracts";
import { plainKernels } from "@recsys/kernels";
import { expect } from "vitest";
import { colourOf, missingItem, SIZE } from "./checkerboard.contract.ts";

export function expectColours(view: SignalView): void {
  // Rates are of each item by itself, whatever its colour.
  if (view.kind === "rates") return;
  if (view.kind === "ranked-lists") {
    for (const [group, list] of view.groups) {
      if (group === "") continue;
      const ids = [...list.items].map((item) => view.ids[item]);
      expect(ids.length).toBe(SIZE / 2);
      expect(ids.every((id) => group === `colour:${colourOfId(id)}`)).toBe(
        true,
      );
    }
    return;
  }
  for (let user = 0; user < SIZE; user++) {
    const scores = personalScores(view, user);
    const answer = scores[missingItem(user)] ?? 0;
    expect(answer).toBeGreaterThan(0);
    for (let item = 0; item < SIZE; item++) {
      if (item % 2 !== user % 2) expect(scores[item]).toBeLessThan(answer / 2);
    }
  }
}

function personalScores(
  view: Exclude<SignalView, { kind: "ranked-lists" | "rates" }>,
  user: number,
): Float32Array {
  const had = Array.from({ length: SIZE }, (_, item) => item).filter(
    (item) => item % 2 === user % 2 && item !== missingItem(user),
  );
  const scores = new Float32Array(SIZE);
  if (view.kind === "factors") {
    const vector = view.foldIn(
      Int32Array.from(had),
      new Float32Array(had.length).fill(1),
    );
    plainKernels.scoreRows(view.factors, vector, scores);
    return scores;
  }
  for (const item of had) {
    const end = view.offsets[item + 1] ?? 0;
    for (let at = view.offsets[item] ?? 0; at < end; at++) {
      const other = view.neighbours[at] ?? 0;
      scores[other] = (scores[other] ?? 0) + (view.scores[at] ?? 0);
    }
  }
  return scores;
}

function colourOfId(id: string | undefined): string {
  return colourOf(Number((id ?? "i0").slice(1)));
}

export function expectWellFormed(view: SignalView): void {
  const sorted = [...view.ids].sort((a, b) => (a < b ? -1 : 1));
  expect(view.ids).toEqual(sorted);
  if (view.kind === "factors") {
    expect(view.factors.length).toBe(view.ids.length * view.dimension);
    expect(view.factors.every(Number.isFinite)).toBe(true);
    const none = view.foldIn(new Int32Array(0), new Float32Array(0));
    expect(none).toEqual(new Float32Array(view.dimension));
    return;
  }
  if (view.kind === "rates") {
    for (const { values, typical } of Object.values(view.rates)) {
      expect(values.length).toBe(view.ids.length);
      for (const value of [...values, typical]) {
        expect(value >= 0 && value <= 1).toBe(true);
      }
    }
    return;
  }
  if (view.kind === "ranked-lists") {
    expect(view.groups.has("")).toBe(true);
    for (const list of view.groups.values())
      expectSorted(list.items, list.scores);
    return;
  }
  view.ids.forEach((_, item) => {
    const [start, end] = [view.offsets[item], view.offsets[item + 1]];
    const row = view.neighbours.subarray(start, end);
    expect(row.includes(item)).toBe(false);
    expectSorted(row, view.scores.subarray(start, end));
  });
}

function expectSorted(items: Int32Array, scores: Float32Array): void {
  expect(new Set(items).size).toBe(items.length);
  scores.forEach((score, i) => {
    expect(score > 0 && score <= 1).toBe(true);
    if (i === 0) return;
    const before = scores[i - 1] ?? 0;
    const tieById = before === score && (items[i - 1] ?? 0) < (items[i] ?? 0);
    expect(before > score || tieById).toBe(true);
  });
}

/** Every score the view can give, by the names of what it is between. */
export function scoresByPair(
  view: SignalView,
  name: (id: string) => string,
): Map<string, number> {
  const id = (item: number | undefined) => name(view.ids[item ?? 0] ?? "");
  const scores = new Map<string, number>();
  if (view.kind === "ranked-lists") {
    for (const [group, list] of view.groups) {
      list.items.forEach((item, i) => {
        scores.set(`${group}>${id(item)}`, list.scores[i] ?? 0);
      });
    }
    return scores;
  }
  if (view.kind === "rates") {
    for (const [rate, { values }] of Object.entries(view.rates)) {
      values.forEach((value, item) => {
        scores.set(`${rate}>${id(item)}`, value);
      });
    }
    return scores;
  }
  view.ids.forEach((_, from) => {
    if (view.kind === "factors") {
      const into = new Float32Array(view.ids.length);
      const vector = view.foldIn(Int32Array.of(from), Float32Array.of(1));
      plainKernels.scoreRows(view.factors, vector, into);
      into.forEach((score, to) => scores.set(`${id(from)}>${id(to)}`, score));
      return;
    }
    const end = view.offsets[from + 1] ?? 0;
    for (let at = view.offsets[from] ?? 0; at < end; at++) {
      scores.set(
        `${id(from)}>${id(view.neighbours[at])}`,
        view.scores[at] ?? 0,
      );
    }
  });
  return scores;
}

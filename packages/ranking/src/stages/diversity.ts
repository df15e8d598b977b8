import {
  createCalibration,
  tasteOf,
  type Calibration,
} from "../calibration.ts";
import { createCaps, type Caps } from "../caps.ts";
import { keepLargest } from "../select.ts";
import { chooseSimilarity, type Similarity } from "../similarity.ts";
import { remove, type Stage, type Work } from "../work.ts";
import { compareCandidates } from "./rules.ts";

/**
 * Orders the head of the list. Maximal marginal relevance (Carbonell and
 * Goldstein, 1998): the next item is the candidate of the window with the
 * largest λ × relevance − (1 − λ) × similarity to the closest item so far;
 * relevance is the score over the sum of weights, a fixed scale. With λ = 1
 * that is the order of scores. With `diversity.calibration` c the value is
 * (1 − c) times that, less c times the divergence from the user's taste that
 * the list would have. What would break a cap is removed. Nothing after this
 * stage sorts by score again.
 */
export const diversity: Stage = {
  name: "diversity",
  does: "The best candidates are ordered so that they differ, within the caps per brand and category and on what is promoted; this order is final.",
  reasons: {
    cap_brand: "would be one too many of its brand",
    cap_category: "would be one too many of its category",
    cap_provider: "would be one too many of its provider",
    cap_attribute:
      "would be one too many with a value of an attribute (max_per_attribute)",
    cap_sponsored: "would be one too many of the sponsored items",
    cap_promoted: "is sponsored, and promotion has its share of the list",
  },
  run(work) {
    const pinned = new Set(work.placements.map(({ candidate }) => candidate));
    const caps = createCaps(work);
    const lambda = work.knobs.number("diversity.mmr_lambda");
    const wanted = Math.max(0, work.request.k - pinned.size);
    const balance = balanceOf(work);
    const isPlain = lambda === 1 && balance === null;
    const window = isPlain ? 1 : work.knobs.number("diversity.window");
    const free =
      pinned.size === 0
        ? work.alive
        : work.alive.filter((candidate) => !pinned.has(candidate));
    const { head, tail } = sortHead(
      work,
      free,
      caps.isOn ? free.length : isPlain ? wanted : wanted + window,
    );
    for (const candidate of pinned) {
      caps.add(positionOf(work, candidate));
      balance?.calibration.add(categoryOf(work, candidate));
    }
    const choice =
      isPlain && !caps.isOn
        ? head
        : choose(work, head, {
            caps,
            lambda,
            balance,
            window,
            wanted,
            chosen: [...pinned],
          });
    work.alive = concatenate([...pinned], choice, tail);
  },
};

function concatenate(...lists: readonly (readonly number[])[]): Int32Array {
  const all = new Int32Array(
    lists.reduce((sum, { length }) => sum + length, 0),
  );
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

function positionOf(work: Work, candidate: number): number {
  return work.pool.columns.position[candidate] ?? 0;
}

/** The `count` best candidates in order, and the others in none. */
function sortHead(
  work: Work,
  candidates: Int32Array,
  count: number,
): { head: number[]; tail: number[] } {
  const { position, score } = work.pool.columns;
  const positions = new Int32Array(candidates.length);
  const values = new Float64Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i] ?? 0;
    positions[i] = position[candidate] ?? 0;
    values[i] = score[candidate] ?? 0;
  }
  const { ids } = work.snapshot.catalogue;
  const kept = keepLargest(
    { positions, values, room: new Float64Array(values.length) },
    candidates.length,
    { limit: count, ids },
  );
  const head: number[] = [];
  for (let i = 0; i < kept; i++) {
    head.push((work.pool.candidateAt[positions[i] ?? 0] ?? 0) - 1);
  }
  head.sort((a, b) => compareCandidates(work, a, b));
  if (kept === candidates.length) return { head, tail: [] };
  const inHead = new Set(head);
  const tail: number[] = [];
  for (const candidate of candidates) {
    if (!inHead.has(candidate)) tail.push(candidate);
  }
  return { head, tail };
}

/** How much the list follows the user's taste, and how it stands with that. */
interface Balance {
  readonly strength: number;
  readonly calibration: Calibration;
}

/** Null where the knob is 0 or nothing is known of the taste. */
function balanceOf({ knobs, tastes, snapshot }: Work): Balance | null {
  const strength = knobs.number("diversity.calibration");
  if (strength === 0) return null;
  const taste = tasteOf(tastes, snapshot.catalogue.columns.category);
  return taste && { strength, calibration: createCalibration(taste) };
}

function categoryOf(work: Work, candidate: number): number {
  const { category } = work.snapshot.catalogue.columns;
  return category[positionOf(work, candidate)] ?? 0;
}

interface Choice {
  readonly caps: Caps;
  readonly lambda: number;
  readonly balance: Balance | null;
  readonly window: number;
  readonly wanted: number;
  /** Items in the list already: pins. */
  readonly chosen: readonly number[];
}

interface Contender {
  readonly candidate: number;
  readonly relevance: number;
  readonly category: number;
  closest: number;
}

/** The wanted candidates in their final order, then the rest of the head; capped ones are removed. */
function choose(work: Work, head: readonly number[], how: Choice): number[] {
  const similarity = chooseSimilarity(
    work.knobs.choice("diversity.similarity"),
    work.snapshot.catalogue,
    work.snapshot.bound.content,
  );
  const scale = relevanceScale(work);
  const placed = [...how.chosen];
  const order: number[] = [];
  const window: Contender[] = [];
  let next = 0;
  while (order.length < how.wanted) {
    while (window.length < how.window && next < head.length) {
      const candidate = head[next++] ?? 0;
      const relevance = (work.pool.columns.score[candidate] ?? 0) * scale;
      const closest =
        how.lambda === 1
          ? 0
          : closestOf(work, candidate, { placed, similarity });
      const category = categoryOf(work, candidate);
      window.push({ candidate, relevance, category, closest });
    }
    const best = takeBest(window, how);
    if (best === undefined) break;
    const position = positionOf(work, best.candidate);
    const cap = how.caps.isOn ? how.caps.broken(position) : null;
    if (cap !== null) {
      remove(work, best.candidate, cap);
      continue;
    }
    if (how.caps.isOn) how.caps.add(position);
    how.balance?.calibration.add(best.category);
    order.push(best.candidate);
    placed.push(best.candidate);
    if (how.lambda === 1) continue;
    for (const each of window) {
      each.closest = Math.max(
        each.closest,
        similarity(positionOf(work, each.candidate), position) ?? 0,
      );
    }
  }
  const rest = window.map(({ candidate }) => candidate);
  return [...order, ...rest, ...head.slice(next)];
}

/** Candidates stand in the order of score and id, so the first of equals wins. */
function takeBest(
  window: Contender[],
  { lambda, balance }: Pick<Choice, "lambda" | "balance">,
): Contender | undefined {
  let bestAt = 0;
  let bestValue = -Infinity;
  for (let i = 0; i < window.length; i++) {
    const each = window[i];
    if (each === undefined) continue;
    const marginal = lambda * each.relevance - (1 - lambda) * each.closest;
    const value =
      balance === null
        ? marginal
        : (1 - balance.strength) * marginal -
          balance.strength * balance.calibration.with(each.category);
    if (value <= bestValue) continue;
    bestAt = i;
    bestValue = value;
  }
  return window.splice(bestAt, 1)[0];
}

function closestOf(
  work: Work,
  candidate: number,
  to: { readonly placed: readonly number[]; readonly similarity: Similarity },
): number {
  const position = positionOf(work, candidate);
  let closest = 0;
  for (const other of to.placed) {
    const value = to.similarity(positionOf(work, other), position) ?? 0;
    closest = Math.max(closest, value);
  }
  return closest;
}

/** One over the most that a score can be, the sum of weights; 1 where all are zero. */
function relevanceScale(work: Work): number {
  const sum = [...work.active, ...work.terms].reduce(
    (total, { weight }) => total + Math.max(0, weight),
    0,
  );
  return sum > 0 ? 1 / sum : 1;
}

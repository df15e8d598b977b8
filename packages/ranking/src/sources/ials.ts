import type { FactorsView } from "@recsys/contracts";
import type { Bound } from "../bindings.ts";
import type { Anchor } from "../history.ts";
import { denseScores } from "../scratch.ts";
import { keepLargest } from "../select.ts";
import type { Source, SourceInput } from "../source.ts";

/**
 * Matrix factorisation: the user's vector is folded in from the newest events,
 * so one more event changes the next list. Up to `ials.scan_limit` items every
 * item is scored and the signal is divided by the largest score; above it only
 * what others offer is scored, and the norm is the bound
 * |user| × largest |item| (Cauchy-Schwarz). Both are norms of the user and the
 * whole catalogue, so a score never depends on the pool (ruling 16).
 */
export const ials: Source<"ials"> = {
  name: "ials",
  description:
    "Items near the user in a factorisation of all histories, with the user's newest events folded in.",
  needs: ["ials"],
  personal: "always",
  knobs: [
    {
      name: "ials.scan_limit",
      description:
        "Up to how many items the whole catalogue is searched; above it the source scores what others offer.",
      kind: "number",
      default: 10000,
      minimum: 0,
      maximum: 10_000_000,
      integer: true,
      unit: "items",
    },
  ],
  reasons: { ials: "Chosen by people with a taste like yours" },
  offer(input) {
    const bound = input.signal("ials");
    const user = foldIn(bound, input.tastes);
    if (user === null) {
      return {
        outcome: "not-applicable",
        reason: "nothing in the user's history is known to the model",
      };
    }
    return bound.view.ids.length <= input.knobs.number("ials.scan_limit")
      ? scanAll(bound, user, input)
      : scorePool(bound, user);
  },
};

function foldIn(
  bound: Bound<FactorsView>,
  tastes: readonly Anchor[],
): Float32Array | null {
  const items: number[] = [];
  const weights: number[] = [];
  for (const { position, weight, evidence } of tastes) {
    const artifact = bound.toArtifact[position] ?? -1;
    if (artifact < 0 || weight <= 0) continue;
    items.push(artifact);
    weights.push(evidence);
  }
  if (items.length === 0) return null;
  return bound.view.foldIn(Int32Array.from(items), Float32Array.from(weights));
}

function scanAll(
  bound: Bound<FactorsView>,
  user: Float32Array,
  input: SourceInput<"ials">,
) {
  const { view, toArtifact } = bound;
  const scores = denseScores(input.scratch, "ials", view.ids.length);
  let norm = 0;
  for (let item = 0; item < scores.length; item++) {
    const value = dot(view, user, item);
    scores[item] = value;
    if (value > norm) norm = value;
  }
  const scale = norm > 0 ? 1 / norm : 0;
  return {
    outcome: "ok" as const,
    positions: bestOf(bound, scores, input),
    scoreOf(position: number): number {
      const artifact = toArtifact[position] ?? -1;
      const value = artifact < 0 ? 0 : (scores[artifact] ?? 0);
      return value > 0 ? value * scale : 0;
    },
  };
}

function bestOf(
  bound: Bound<FactorsView>,
  scores: Float32Array,
  input: SourceInput<"ials">,
): Int32Array {
  const { positions, values, room } = input.scratch;
  let count = 0;
  for (let item = 0; item < scores.length; item++) {
    const position = bound.toCatalogue[item] ?? -1;
    const value = scores[item] ?? 0;
    if (position < 0 || !(value > 0)) continue;
    positions[count] = position;
    values[count] = value;
    count++;
  }
  const cut = { limit: input.limit, ids: input.catalogue.ids };
  return positions.slice(
    0,
    keepLargest({ positions, values, room }, count, cut),
  );
}

function scorePool(bound: Bound<FactorsView>, user: Float32Array) {
  const { view, toArtifact } = bound;
  let square = 0;
  for (const value of user) square += value * value;
  const norm = Math.sqrt(square) * largestNorm(view);
  const scale = norm > 0 ? 1 / norm : 0;
  return {
    outcome: "ok" as const,
    positions: new Int32Array(0),
    scoreOf(position: number): number {
      const artifact = toArtifact[position] ?? -1;
      if (artifact < 0) return 0;
      const value = dot(view, user, artifact);
      return value > 0 ? value * scale : 0;
    },
  };
}

/** Four sums side by side: the processor need not wait for one addition to start the next. */
function dot(view: FactorsView, user: Float32Array, item: number): number {
  const { factors, dimension } = view;
  const at = item * dimension;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < dimension; i += 4) {
    a += (user[i] ?? 0) * (factors[at + i] ?? 0);
    b += (user[i + 1] ?? 0) * (factors[at + i + 1] ?? 0);
    c += (user[i + 2] ?? 0) * (factors[at + i + 2] ?? 0);
    d += (user[i + 3] ?? 0) * (factors[at + i + 3] ?? 0);
  }
  for (; i < dimension; i++) a += (user[i] ?? 0) * (factors[at + i] ?? 0);
  return a + b + c + d;
}

/** Derived from an immutable view and nothing else, and gone with it. */
const LARGEST = new WeakMap<FactorsView, number>();

function largestNorm(view: FactorsView): number {
  const known = LARGEST.get(view);
  if (known !== undefined) return known;
  let largest = 0;
  for (let item = 0; item < view.ids.length; item++) {
    const row = view.factors.subarray(
      item * view.dimension,
      (item + 1) * view.dimension,
    );
    largest = Math.max(largest, Math.sqrt(dot(view, row, item)));
  }
  LARGEST.set(view, largest);
  return largest;
}

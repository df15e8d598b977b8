import type { ScoredEntries } from "@recsys/contracts";
import { solveInPlace } from "../cholesky.ts";
import { resolveParameters } from "../parameters.ts";
import { penalties, RIDGE } from "./ease.ts";
import {
  HISTORY_LIMIT,
  historiesOf,
  itemTerms,
  type Histories,
} from "./histories.ts";
import { byVoter, fittedRows, type FitContext, type Model } from "./model.ts";

const parameters = {
  ...RIDGE,
  neighbours: {
    default: 60,
    minimum: 1,
    maximum: 1000,
    integer: true,
    unit: "items",
    description:
      "Items that an item is explained by: its nearest by cosine; time grows with the cube.",
  },
  meetings_per_item: {
    default: 400,
    minimum: 1,
    maximum: 100000,
    integer: true,
    unit: "items",
    description:
      "Of the items an item meets, the most frequent are remembered; others count as never met.",
  },
  ...HISTORY_LIMIT,
} as const;

/**
 * For each item i the ridge regression of its column of X on those of its
 * nearest items N: w = (G_NN + diag(reg_N))⁻¹ G_Ni with G = XᵀX; what EASE
 * gives when all other weights must be zero. Memory grows with items, not
 * with their square. An item without company has no weights.
 * Sources: Steck (WWW 2019) for the regression; Ning and Karypis, "SLIM" (ICDM
 * 2011), 4.3, for the restriction to neighbours ("fsSLIM").
 */
export const easeSparse: Model = {
  name: "ease-sparse",
  parameters,
  fit(interactions, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const histories = historiesOf(interactions, resolved.max_items_per_user);
    const { ids, peopleOf } = histories;
    const nearest = meetings(histories, context, {
      k: resolved.neighbours,
      power: 0.5,
    });
    const counts = meetings(histories, context, {
      k: Math.max(resolved.neighbours, resolved.meetings_per_item),
      power: 0,
    });
    const scores = regress(nearest, counts, {
      penalty: penalties(peopleOf, resolved),
      peopleOf,
      onProgress: context.onProgress,
    });
    context.onProgress?.(1);
    return fittedRows(ids, resolved, byVoter({ ...nearest, scores }));
  },
};

/** Of each item the items met most, by n_ij / (n_i n_j)^power. */
function meetings(
  { ids, items, people, peopleOf }: Histories,
  { kernels }: FitContext,
  o: { readonly k: number; readonly power: number },
): ScoredEntries {
  const terms = itemTerms(peopleOf, (n) => [0, n ** o.power, 0]);
  return kernels.bestPairs({
    left: items,
    right: people,
    columnCount: ids.length,
    k: Math.min(o.k, ids.length),
    rowTerms: terms,
    columnTerms: terms,
    overlap: 0,
    shrink: 0,
    skipDiagonal: true,
  });
}

interface Diagonal {
  readonly penalty: Float64Array;
  readonly peopleOf: Float64Array;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** The weights in the places of the neighbours. */
function regress(
  nearest: ScoredEntries,
  counts: ScoredEntries,
  diagonal: Diagonal,
): Float32Array {
  const { offsets, positions } = nearest;
  const weights = new Float32Array(positions.length);
  const count = offsets.length - 1;
  const place = new Int32Array(count).fill(-1);
  for (let item = 0; item < count; item++) {
    const start = offsets[item] ?? 0;
    const chosen = positions.subarray(start, offsets[item + 1]);
    chosen.forEach((other, i) => {
      place[other] = i;
    });
    weights.set(explain(item, { chosen, place, counts }, diagonal), start);
    for (const other of chosen) place[other] = -1;
    if (item % 1024 === 1023) diagonal.onProgress?.(item / count);
  }
  return weights;
}

function explain(
  item: number,
  by: {
    readonly chosen: Int32Array;
    /** Of each chosen item its place among them, -1 for all others. */
    readonly place: Int32Array;
    readonly counts: ScoredEntries;
  },
  { penalty, peopleOf }: Diagonal,
): Float64Array {
  const { chosen, place, counts } = by;
  const n = chosen.length;
  const system = new Float64Array(n * n);
  const met = new Float64Array(n);
  eachMeeting(counts, item, (other, times) => {
    const j = place[other] ?? -1;
    if (j >= 0) met[j] = times;
  });
  chosen.forEach((one, i) => {
    system[i * n + i] = (peopleOf[one] ?? 0) + (penalty[one] ?? 0);
    eachMeeting(counts, one, (other, times) => {
      const j = place[other] ?? -1;
      if (j < 0) return;
      // Either may have forgotten the other; the system stays symmetric.
      system[i * n + j] = times;
      system[j * n + i] = times;
    });
  });
  solveInPlace(system, met);
  return met;
}

function eachMeeting(
  { offsets, positions, scores }: ScoredEntries,
  item: number,
  visit: (other: number, times: number) => void,
): void {
  const end = offsets[item + 1] ?? 0;
  for (let at = offsets[item] ?? 0; at < end; at++) {
    visit(positions[at] ?? 0, scores[at] ?? 0);
  }
}

import { coOccurrence, squaredNorms } from "./co-occurrence.ts";
import { stored } from "./layout.ts";
import {
  collectNeighbours,
  neighbourLimits,
  NEIGHBOURS,
} from "./neighbours.ts";
import { resolveParameters } from "./parameters.ts";
import type { ItemText, Signal } from "./signal.ts";
import { createRowBuilder, transpose, type SparseRows } from "./sparse-rows.ts";
import { terms } from "./tokens.ts";

const parameters = {
  ...neighbourLimits({ neighbours: 50, row_limit: 200 }),
  max_items_per_term: {
    default: 2000,
    minimum: 2,
    maximum: 1000000,
    integer: true,
    unit: "items",
    description:
      "Terms of more items bring no candidates: they say little and cost most.",
  },
} as const;

/**
 * Items that read alike: cosine of TF-IDF vectors. Weight of term t in item
 * i: (1 + ln tf) * ln(1 + N / df), tf counting title words threefold and
 * tags, brand and category steps twofold; see `tokens.ts` for the words.
 * Terms beyond max_items_per_term stay in the norms but bring no candidates.
 * An item without text has no neighbours; of two rows with one id the later
 * counts. Calibration: linear, a cosine is within 0..1 already.
 * Source: Salton and Buckley, "Term-weighting approaches" (1988).
 */
export const content: Signal<"content"> = {
  ...stored("content", NEIGHBOURS),
  parameters,
  compute(items, overrides, context) {
    const resolved = resolveParameters(parameters, overrides);
    const byId = new Map(items.map((item) => [item.item_id, item]));
    const ids = [...byId.keys()].sort((a, b) => (a < b ? -1 : 1));
    const weighted = weigh(termRows(ids, byId));
    // Terms are the units that items share.
    const byItem = transpose(weighted.byTerm);
    const norms = squaredNorms(weighted.byTerm).map(Math.sqrt);
    const sharedWith = coOccurrence(
      withoutLongRows(weighted.byTerm, resolved.max_items_per_term),
    );
    return collectNeighbours({
      ids,
      calibration: { kind: "linear", scale: 1, unit: 1 },
      parameters: resolved,
      onProgress: context.onProgress,
      candidatesOf: (item, offer) => {
        if (byItem.offsets[item] === byItem.offsets[item + 1]) return;
        sharedWith(item, (other, sum) => {
          offer(other, sum / ((norms[item] ?? 0) * (norms[other] ?? 0)));
        });
      },
    });
  },
};

/** Item × term counts; terms are numbered in their sorted order. */
function termRows(
  ids: readonly string[],
  byId: ReadonlyMap<string, ItemText>,
): SparseRows {
  const counts = ids.map((id) => {
    const item = byId.get(id);
    return item === undefined ? new Map<string, number>() : terms(item);
  });
  const vocabulary = [...new Set(counts.flatMap((own) => [...own.keys()]))];
  vocabulary.sort((a, b) => (a < b ? -1 : 1));
  const numbers = new Map(vocabulary.map((term, number) => [term, number]));
  const builder = createRowBuilder(vocabulary.length);
  for (const own of counts) {
    for (const [term, count] of own) builder.add(numbers.get(term) ?? 0, count);
    builder.endRow(() => true);
  }
  return builder.build();
}

/** Term × item TF-IDF weights. */
function weigh(counts: SparseRows): { readonly byTerm: SparseRows } {
  const byTerm = transpose(counts);
  const values = new Float64Array(byTerm.values.length);
  for (let term = 0; term + 1 < byTerm.offsets.length; term++) {
    const start = byTerm.offsets[term] ?? 0;
    const end = byTerm.offsets[term + 1] ?? 0;
    const idf = Math.log1p(byTerm.columnCount / (end - start));
    for (let entry = start; entry < end; entry++) {
      values[entry] = (1 + Math.log(byTerm.values[entry] ?? 1)) * idf;
    }
  }
  return { byTerm: { ...byTerm, values } };
}

function withoutLongRows(rows: SparseRows, limit: number): SparseRows {
  const builder = createRowBuilder(rows.columnCount);
  for (let row = 0; row + 1 < rows.offsets.length; row++) {
    const start = rows.offsets[row] ?? 0;
    const end = rows.offsets[row + 1] ?? 0;
    if (end - start > limit) continue;
    for (let entry = start; entry < end; entry++) {
      builder.add(rows.columns[entry] ?? 0, rows.values[entry] ?? 0);
    }
    builder.endRow(() => true);
  }
  return builder.build();
}

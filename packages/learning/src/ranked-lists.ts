import type { RankedListView, RankedListsView } from "@recsys/contracts";
import {
  calibrate,
  calibrationTensor,
  requireCalibrations,
  type Calibration,
} from "./calibration.ts";
import type { Layout } from "./layout.ts";
import { requireStrings } from "./read-artifact.ts";
import {
  joinRows,
  requireScoredRows,
  scoredRowTensors,
  type ScoredRow,
} from "./scored-rows.ts";
import { createTopRow } from "./top-row.ts";

/** One list per group, best first, ties by id; the first group is "", everybody. */
export interface RankedListsModel {
  readonly ids: readonly string[];
  readonly groups: readonly string[];
  readonly lists: readonly ScoredRow[];
  /** One per group: each list is calibrated by its own largest raw score. */
  readonly calibrations: readonly Calibration[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** The best `limit` of raw scores by item, calibrated; 0, negative and NaN are left out. */
export function rankList(
  raw: Float64Array,
  limit: number,
  calibration: Calibration,
): ScoredRow {
  const top = createTopRow(Math.min(limit, raw.length));
  raw.forEach((score, item) => {
    top.offer(item, calibrate(calibration, score));
  });
  return top.take();
}

export function largest(raw: Float64Array): number {
  return raw.reduce((max, score) => (score > max ? score : max), 0);
}

/** Tensors: offsets [groups + 1], items and scores [entries], calibration [groups, 3]; strings: ids, groups. */
export const RANKED_LISTS: Layout<RankedListsModel, RankedListsView> = {
  schemaVersion: 1,
  write: ({ ids, groups, lists, calibrations }) => ({
    strings: { ids, groups },
    tensors: {
      ...scoredRowTensors("items", joinRows(lists)),
      calibration: calibrationTensor(calibrations),
    },
  }),
  read: (artifact) => {
    const ids = requireStrings(artifact, "ids");
    const groups = requireStrings(artifact, "groups");
    requireCalibrations(artifact, groups.length);
    const rows = requireScoredRows(artifact, "items", groups.length);
    const lists = groups.map((group, i) => {
      const [start, end] = [rows.offsets[i], rows.offsets[i + 1]];
      const list: RankedListView = {
        items: rows.positions.subarray(start, end),
        scores: rows.scores.subarray(start, end),
      };
      return [group, list] as const;
    });
    return { kind: "ranked-lists", ids, groups: new Map(lists) };
  },
};

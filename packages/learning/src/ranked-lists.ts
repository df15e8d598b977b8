import type {
  Artifact,
  RankedListView,
  RankedListsView,
  SignalNameOf,
} from "@recsys/contracts";
import {
  calibrate,
  calibrationTensor,
  requireCalibrations,
  type Calibration,
} from "./calibration.ts";
import { requireKind, requireStrings } from "./read-artifact.ts";
import { provenanceOf, type Origin } from "./provenance.ts";
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

/**
 * How a signal of ranked lists is stored and read; a change of the layout
 * raises the version here, for all of them. Tensors: offsets [groups + 1],
 * items and scores [entries], calibration [groups, 3]; strings: ids, groups.
 */
export function storedAsRankedLists<N extends SignalNameOf<"ranked-lists">>(
  name: N,
) {
  const layout = { name, schemaVersion: 1 };
  return {
    ...layout,
    pack: (model: RankedListsModel, origin: Origin): Artifact => ({
      provenance: provenanceOf(layout, model.parameters, origin),
      strings: { ids: model.ids, groups: model.groups },
      tensors: {
        ...scoredRowTensors("items", joinRows(model.lists)),
        calibration: calibrationTensor(model.calibrations),
      },
    }),
    view: (artifact: Artifact): RankedListsView => {
      requireKind(artifact, layout);
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
}

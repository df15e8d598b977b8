import type {
  Artifact,
  RankedListView,
  RankedListsView,
} from "@recsys/contracts";
import {
  calibrate,
  calibrationTensor,
  type Calibration,
} from "./calibration.ts";
import {
  lengthOf,
  requireKind,
  requireOffsets,
  requirePositions,
  requireStrings,
  requireTensor,
  requireUnit,
} from "./read-artifact.ts";
import { provenanceOf, type Origin } from "./provenance.ts";
import { createTopRow } from "./top-row.ts";

/** One list per group, best first, ties by id; the first group is "", everybody. */
export interface RankedListsModel {
  readonly ids: readonly string[];
  readonly groups: readonly string[];
  readonly lists: readonly RankedListView[];
  /** One per group: each list is calibrated by its own largest raw score. */
  readonly calibrations: readonly Calibration[];
  readonly parameters: Readonly<Record<string, number>>;
}

/** The best `limit` of raw scores by item, calibrated; 0, negative and NaN are left out. */
export function rankList(
  raw: Float64Array,
  limit: number,
  calibration: Calibration,
): RankedListView {
  const top = createTopRow(Math.min(limit, raw.length));
  raw.forEach((score, item) => {
    top.offer(item, calibrate(calibration, score));
  });
  const { positions, scores } = top.take();
  return { items: positions, scores };
}

export function largest(raw: Float64Array): number {
  return raw.reduce((max, score) => (score > max ? score : max), 0);
}

export interface RankedListsSignal {
  readonly name: "popularity" | "trending";
  readonly schemaVersion: number;
}

/** Tensors: offsets [groups + 1], items and scores [entries], calibration [groups, 3]; strings: ids, groups. */
export function packRankedLists(
  signal: RankedListsSignal,
  model: RankedListsModel,
  origin: Origin,
): Artifact {
  const { lists } = model;
  const offsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + list.items.length;
  });
  const entries = offsets[lists.length] ?? 0;
  const items = new Int32Array(entries);
  const scores = new Float32Array(entries);
  lists.forEach((list, i) => {
    items.set(list.items, offsets[i]);
    scores.set(list.scores, offsets[i]);
  });
  return {
    provenance: provenanceOf(signal, model.parameters, origin),
    strings: { ids: model.ids, groups: model.groups },
    tensors: {
      offsets: { dtype: "I32", shape: [offsets.length], values: offsets },
      items: { dtype: "I32", shape: [entries], values: items },
      scores: { dtype: "F32", shape: [entries], values: scores },
      calibration: calibrationTensor(model.calibrations),
    },
  };
}

export function viewRankedLists(
  signal: RankedListsSignal,
  artifact: Artifact,
): RankedListsView {
  requireKind(artifact, signal);
  const ids = requireStrings(artifact, "ids");
  const groups = requireStrings(artifact, "groups");
  const entries = lengthOf(artifact, "items");
  const offsets = requireTensor(artifact, {
    name: "offsets",
    dtype: "I32",
    shape: [groups.length + 1],
  });
  const items = requireTensor(artifact, {
    name: "items",
    dtype: "I32",
    shape: [entries],
  });
  const scores = requireTensor(artifact, {
    name: "scores",
    dtype: "F32",
    shape: [entries],
  });
  requireTensor(artifact, {
    name: "calibration",
    dtype: "F64",
    shape: [groups.length, 3],
  });
  requireOffsets("offsets", offsets, entries);
  requirePositions("items", items, ids.length);
  requireUnit("scores", scores);
  const lists = groups.map((group, i) => {
    const [start, end] = [offsets[i], offsets[i + 1]];
    return [
      group,
      {
        items: items.subarray(start, end),
        scores: scores.subarray(start, end),
      },
    ] as const;
  });
  return { kind: "ranked-lists", ids, groups: new Map(lists) };
}

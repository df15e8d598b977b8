import type { Artifact } from "@recsys/contracts";
import {
  lengthOf,
  requireOffsets,
  requirePositions,
  requireStrings,
  requireTensor,
  requireUnit,
} from "./read-artifact.ts";

/** Rows of positions with calibrated scores, one after the other: row i is `[offsets[i], offsets[i + 1])`. */
export interface ScoredRows {
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
  readonly scores: Float32Array;
}

export type ScoredRow = Omit<ScoredRows, "offsets">;

export function joinRows(rows: readonly ScoredRow[]): ScoredRows {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + row.positions.length;
  });
  const positions = new Int32Array(offsets[rows.length] ?? 0);
  const scores = new Float32Array(positions.length);
  rows.forEach((row, i) => {
    positions.set(row.positions, offsets[i]);
    scores.set(row.scores, offsets[i]);
  });
  return { offsets, positions, scores };
}

/** As stored: offsets [rows + 1], positions under `name` and scores [entries]. */
export function scoredRowTensors(
  name: string,
  { offsets, positions, scores }: ScoredRows,
): Artifact["tensors"] {
  return {
    offsets: { dtype: "I32", shape: [offsets.length], values: offsets },
    [name]: { dtype: "I32", shape: [positions.length], values: positions },
    scores: { dtype: "F32", shape: [scores.length], values: scores },
  };
}

/** The stored rows, not copied. Throws unless there are `count` of them, with positions among the artifact's ids and scores from 0 to 1. */
export function requireScoredRows(
  artifact: Artifact,
  name: string,
  count: number,
): ScoredRows {
  const entries = lengthOf(artifact, name);
  const offsets = requireTensor(artifact, {
    name: "offsets",
    dtype: "I32",
    shape: [count + 1],
  });
  const positions = requireTensor(artifact, {
    name,
    dtype: "I32",
    shape: [entries],
  });
  const scores = requireTensor(artifact, {
    name: "scores",
    dtype: "F32",
    shape: [entries],
  });
  requireOffsets("offsets", offsets, entries);
  requirePositions(name, positions, requireStrings(artifact, "ids").length);
  requireUnit("scores", scores);
  return { offsets, positions, scores };
}

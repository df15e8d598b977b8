import type { NeighboursView } from "@recsys/contracts";
import {
  calibrate,
  calibrationTensor,
  requireCalibrations,
  type Calibration,
} from "./calibration.ts";
import type { Layout } from "./layout.ts";
import type { ParametersOf } from "./parameters.ts";
import { requireStrings } from "./read-artifact.ts";
import {
  joinRows,
  requireScoredRows,
  scoredRowTensors,
  type ScoredRow,
  type ScoredRows,
} from "./scored-rows.ts";
import { createTopRow } from "./top-row.ts";

export interface NeighboursModel {
  readonly ids: readonly string[];
  /** For each item its nearest others, best first, ties by id. */
  readonly rows: ScoredRows;
  readonly calibration: Calibration;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The two parameters that every search for neighbours has, with the defaults of one signal. */
export function neighbourLimits(defaults: {
  readonly neighbours: number;
  readonly row_limit: number;
}) {
  return {
    neighbours: {
      default: defaults.neighbours,
      minimum: 1,
      maximum: 1000,
      integer: true,
      unit: "items",
      description: "Items that vote for each item: its nearest.",
    },
    row_limit: {
      default: defaults.row_limit,
      minimum: 1,
      maximum: 100000,
      integer: true,
      unit: "items",
      description: "Items that one item may vote for at most.",
    },
  };
}

interface NeighbourSearch {
  readonly ids: readonly string[];
  readonly calibration: Calibration;
  readonly parameters: ParametersOf<ReturnType<typeof neighbourLimits>>;
  /** Calls `offer` with each item that may vote for `item` and the raw score of its vote. */
  readonly candidatesOf: (
    item: number,
    offer: (other: number, raw: number) => void,
  ) => void;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Of an item's voters this many are in its row in any case, with the score of their vote, so that no row is empty without need. */
const OWN_NEAREST = 20;

/**
 * Row j holds the items that have j among their nearest, and the few nearest
 * of j itself. Cutting by the item that is voted for, not by the voter, keeps
 * rare items reachable: on ml-100k the sum over a history gives
 * NDCG@20 0.394 this way and 0.340 the other way round. Raw scores of 0 or
 * less, NaN and the item itself never enter.
 */
export function collectNeighbours(search: NeighbourSearch): NeighboursModel {
  const nearest = findNearest(search);
  const { ids, calibration, parameters, onProgress } = search;
  const votes = toVoters(nearest);
  const top = createTopRow(Math.min(parameters.row_limit, ids.length));
  const rows = ids.map((_, voter) => {
    const end = votes.offsets[voter + 1] ?? 0;
    for (let entry = votes.offsets[voter] ?? 0; entry < end; entry++) {
      top.offer(votes.positions[entry] ?? 0, votes.scores[entry] ?? 0);
    }
    return top.take();
  });
  onProgress?.(1);
  return { ids, rows: joinRows(rows), calibration, parameters };
}

function findNearest(search: NeighbourSearch): ScoredRow[] {
  const { ids, parameters, calibration, candidatesOf, onProgress } = search;
  const top = createTopRow(Math.min(parameters.neighbours, ids.length));
  return ids.map((_, item) => {
    candidatesOf(item, (other, raw) => {
      if (other !== item) top.offer(other, calibrate(calibration, raw));
    });
    if (item % 1024 === 1023) onProgress?.(item / ids.length);
    return top.take();
  });
}

/** For each voter the items that it votes for. */
function toVoters(nearest: readonly ScoredRow[]): ScoredRows {
  const offsets = new Int32Array(nearest.length + 1);
  const eachVote = (
    visit: (voter: number, item: number, score: number) => void,
  ) => {
    nearest.forEach((row, item) => {
      row.positions.forEach((other, i) => {
        const score = row.scores[i] ?? 0;
        visit(other, item, score);
        const isOwn = i < OWN_NEAREST;
        if (isOwn && nearest[other]?.positions.includes(item) === false) {
          visit(item, other, score);
        }
      });
    });
  };
  eachVote((voter) => {
    offsets[voter + 1] = (offsets[voter + 1] ?? 0) + 1;
  });
  for (let i = 0; i < nearest.length; i++) {
    offsets[i + 1] = (offsets[i + 1] ?? 0) + (offsets[i] ?? 0);
  }
  const next = offsets.slice();
  const positions = new Int32Array(offsets[nearest.length] ?? 0);
  const scores = new Float32Array(positions.length);
  eachVote((voter, item, score) => {
    const at = next[voter] ?? 0;
    positions[at] = item;
    scores[at] = score;
    next[voter] = at + 1;
  });
  return { offsets, positions, scores };
}

/** Tensors: offsets [items + 1], neighbours and scores [entries], calibration [1, 3]; strings: ids. */
export const NEIGHBOURS: Layout<NeighboursModel, NeighboursView> = {
  schemaVersion: 1,
  write: ({ ids, rows, calibration }) => ({
    strings: { ids },
    tensors: {
      ...scoredRowTensors("neighbours", rows),
      calibration: calibrationTensor([calibration]),
    },
  }),
  read: (artifact) => {
    const ids = requireStrings(artifact, "ids");
    requireCalibrations(artifact, 1);
    const rows = requireScoredRows(artifact, "neighbours", ids.length);
    const { offsets, positions: neighbours, scores } = rows;
    return { kind: "neighbours", ids, offsets, neighbours, scores };
  },
};

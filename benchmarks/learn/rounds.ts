import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom, type SparseEntries } from "@recsys/contracts";
import { openKernels } from "@recsys/kernels";
import { SIGNALS, type Interactions } from "@recsys/learning";
import { measure, medianCost, stopwatch, type Cost } from "./measure.ts";
import type { Peer } from "./peer.ts";

export interface Comparison {
  readonly what: string;
  readonly ours: Cost;
  /** Null where the peer is absent. */
  readonly peer: Cost | null;
  readonly note?: string;
}

/** The two in turn, so that both meet the same load of the machine. */
async function inTurn(
  rounds: number,
  ours: () => Cost,
  peer: (() => Promise<Cost>) | null,
): Promise<{ readonly ours: Cost; readonly peer: Cost | null }> {
  const costs: Cost[] = [];
  const peers: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    costs.push(ours());
    if (peer !== null) peers.push(await peer());
  }
  return {
    ours: medianCost(costs),
    peer: peer === null ? null : medianCost(peers),
  };
}

export interface Rows extends SparseEntries {
  readonly columnCount: number;
}

/** Distinct pairs as compressed rows of people. */
export function rowsOf({ users, items, user, item }: Interactions): Rows {
  const sets = users.map(() => new Set<number>());
  user.forEach((u, row) => sets[u]?.add(item[row] ?? 0));
  const sorted = sets.map((set) => [...set].sort((a, b) => a - b));
  const offsets = new Int32Array(users.length + 1);
  sorted.forEach((row, i) => {
    offsets[i + 1] = (offsets[i] ?? 0) + row.length;
  });
  const columns = Int32Array.from(sorted.flat());
  return { offsets, columns, columnCount: items.length };
}

export async function givePeer(peer: Peer, rows: Rows): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "recsys-learn-"));
  writeFileSync(join(folder, "offsets"), rows.offsets);
  writeFileSync(join(folder, "columns"), rows.columns);
  await peer.ask({
    task: "load",
    folder,
    people: rows.offsets.length - 1,
    items: rows.columnCount,
  });
  rmSync(folder, { recursive: true });
}

/** One epoch of conjugate gradient with three steps, both sides; the peer's own regularisation and weights. */
export async function compareAls(
  data: Interactions,
  peer: Peer | null,
  o: { readonly factors: number; readonly threads: number },
): Promise<Comparison> {
  const { factors, threads } = o;
  const epoch = (): Cost => {
    const { kernels, close } = openKernels({ threads });
    const watch = stopwatch();
    const laps: Cost[] = [];
    SIGNALS.ials.compute(
      data,
      { dimension: factors, sweeps: 3, steps: 3 },
      { asOf: 0, kernels, onProgress: () => laps.push(watch.lap()) },
    );
    close();
    // Two laps a sweep; the first sweep starts threads and is left out.
    const [a, b] = [laps[2], laps[3]];
    return {
      cpu: (a?.cpu ?? NaN) + (b?.cpu ?? NaN),
      wall: (a?.wall ?? NaN) + (b?.wall ?? NaN),
    };
  };
  const costs = await inTurn(
    5,
    epoch,
    peer && (() => peer.ask({ task: "als", ...o })),
  );
  return { what: `iALS ${factors} factors, an epoch`, ...costs };
}

/** From compressed rows of people, as the peer begins, to lists of items by cosine. */
export async function compareKnn(
  rows: Rows,
  peer: Peer | null,
  threads: number,
): Promise<Comparison> {
  const k = 100;
  const costs = await inTurn(
    7,
    () =>
      measure(() => {
        const { kernels, close } = openKernels({ threads });
        const left = turned(rows);
        const terms = new Float32Array(3 * rows.columnCount);
        for (let item = 0; item < rows.columnCount; item++) {
          const start = left.offsets[item] ?? 0;
          const people = (left.offsets[item + 1] ?? 0) - start;
          terms[3 * item + 1] = Math.sqrt(people);
        }
        kernels.bestPairs({
          left,
          right: rows,
          columnCount: rows.columnCount,
          k,
          rowTerms: terms,
          columnTerms: terms,
          overlap: 0,
          shrink: 0,
          skipDiagonal: false,
        });
        close();
      }),
    peer && (() => peer.ask({ task: "cosine", k, threads })),
  );
  return { what: "item-kNN cosine, top 100", ...costs };
}

/** Columns become rows. */
function turned({ offsets, columns, columnCount }: Rows): SparseEntries {
  const starts = new Int32Array(columnCount + 1);
  for (const column of columns) {
    starts[column + 1] = (starts[column + 1] ?? 0) + 1;
  }
  for (let i = 0; i < columnCount; i++) {
    starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  }
  const next = starts.slice();
  const rows = new Int32Array(columns.length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    const end = offsets[row + 1] ?? 0;
    for (let entry = offsets[row] ?? 0; entry < end; entry++) {
      const column = columns[entry] ?? 0;
      const at = next[column] ?? 0;
      rows[at] = row;
      next[column] = at + 1;
    }
  }
  return { offsets: starts, columns: rows };
}

/** One query on one thread over a million rows of 64, both kinds of scan. */
export async function compareTop(peer: Peer | null): Promise<Comparison[]> {
  const [d, k] = [64, 100];
  const draw = seededRandom(11);
  // Sums of three draws: near enough to normal.
  const number = () => draw() + draw() + draw() - 1.5;
  const matrix = Float32Array.from({ length: 1_000_000 * d }, number);
  const folder = mkdtempSync(join(tmpdir(), "recsys-learn-"));
  const file = join(folder, "matrix");
  if (peer !== null) writeFileSync(file, matrix);
  const found: Comparison[] = [];
  for (const kind of ["floats", "bytes"] as const) {
    const scan = openKernels().kernels.createScan(matrix, d, kind);
    let same = 0;
    let query = new Float32Array(d);
    let list: Int32Array = new Int32Array(0);
    const costs = await inTurn(
      15,
      () => {
        query = query.map(number);
        return measure(() => {
          list = scan.best(query, k).positions;
        });
      },
      peer &&
        (async () => {
          const task = { task: "top", file, d, k, query: [...query] };
          const answer = await peer.ask(task);
          const theirs = new Set(answer.positions);
          if (list.every((row) => theirs.has(row))) same++;
          return answer;
        }),
    );
    const what = `top 100 of 1M x 64, one thread, ${kind}`;
    const note = peer === null ? "" : `${same} of 15 lists hold the same rows`;
    found.push({ what, ...costs, note });
  }
  rmSync(folder, { recursive: true });
  return found;
}

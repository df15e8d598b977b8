/**
 * Speed of kernels and models, next to `implicit` where Python can install it:
 * `npm run bench learn [folder] [--no-peers]` with the folder that holds
 * `data/gowalla`, else RECSYS_SHARED, else ../shared; without it, generated
 * pairs of the same number. Both sides in turn, medians, processor seconds of
 * all threads. The same algorithm, steps, factors and threads; the weights of
 * the objective differ, which changes no amount of work.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openKernels } from "@recsys/kernels";
import { MODELS, SIGNALS, type Interactions } from "@recsys/learning";
import { measure, seconds, type Cost } from "./learn/measure.ts";
import { openPeer, type Peer } from "./learn/peer.ts";
import {
  compareAls,
  compareKnn,
  compareTop,
  givePeer,
  rowsOf,
  type Comparison,
} from "./learn/rounds.ts";
import { zipf } from "./learn/zipf.ts";
import { readGowalla } from "./learning/splits.ts";

const THREADS = 2;
/** Ours divided by the peer's, at most. */
const LIMITS: readonly (readonly [string, keyof Cost, number])[] = [
  ["iALS 64", "cpu", 0.7],
  ["iALS 128", "cpu", 0.9],
  ["item-kNN", "wall", 1],
  ["top 100 of 1M x 64, one thread, bytes", "wall", 1],
];

function report(comparison: Comparison, peerName: string): void {
  const { what, ours, peer, note } = comparison;
  const cost = ({ cpu, wall }: Cost) =>
    `${seconds(cpu)} processor, ${seconds(wall)} wall`;
  console.log(`${what}: ${cost(ours)}`);
  if (peer === null) return;
  const ratio = {
    cpu: ours.cpu / peer.cpu,
    wall: ours.wall / peer.wall,
  };
  const ratios = `ratio ${ratio.cpu.toFixed(2)} processor, ${ratio.wall.toFixed(2)} wall`;
  const limit = LIMITS.find(([start]) => what.startsWith(start));
  const verdict =
    limit === undefined
      ? ""
      : `; limit ${limit[2]} ${limit[1]}: ${ratio[limit[1]] <= limit[2] ? "met" : "MISSED"}`;
  console.log(`  ${peerName}: ${cost(peer)}; ${ratios}${verdict}`);
  if (note !== undefined && note !== "") console.log(`  ${note}`);
}

/** Time of one fold-in of 50 items into 64 factors. */
function reportFoldIn(data: Interactions): void {
  const { kernels, close } = openKernels({ threads: THREADS });
  const context = { asOf: 0, kernels };
  const parameters = { dimension: 64, sweeps: 2 };
  const model = SIGNALS.ials.compute(data, parameters, context);
  const origin = {
    as_of: 0,
    window: { from: 0, to: 0 },
    sources: [],
    code_version: "benchmark",
  };
  const artifact = SIGNALS.ials.pack(model, origin);
  const view = SIGNALS.ials.view(artifact, kernels);
  const weights = new Float32Array(50).fill(1);
  const step = Math.floor(view.ids.length / 50);
  const costs: number[] = [];
  for (let i = 0; i < 5000; i++) {
    const items = Int32Array.from(weights, (_, n) => n * step + (i % step));
    costs.push(measure(() => view.foldIn(items, weights)).wall);
  }
  close();
  const sorted = costs.slice(1000).sort((a, b) => a - b);
  const at = (share: number) =>
    seconds(sorted[Math.floor(share * sorted.length)] ?? NaN);
  console.log(
    `fold-in of 50 items into 64 factors: median ${at(0.5)}, 99 % ${at(0.99)}; limit 100 µs`,
  );
}

/** Each model once with the parameters that ship. */
function reportModels(data: Interactions, name: string): void {
  const { kernels, close } = openKernels({ threads: THREADS });
  for (const model of MODELS) {
    if (model.name === "ease" && data.items.length > 10_000) continue;
    let bytes = 0;
    const cost = measure(() => {
      const { tensors } = model.fit(data, {}, { kernels });
      for (const tensor of Object.values(tensors)) bytes += tensor.byteLength;
    });
    console.log(
      `${name}, ${model.name}: ${seconds(cost.cpu)} processor, ${seconds(cost.wall)} wall, ${(bytes / 1e6).toFixed(1)} MB`,
    );
  }
  close();
}

function readData(given: string | undefined): {
  readonly name: string;
  readonly data: Interactions;
} {
  const shared = given ?? process.env["RECSYS_SHARED"] ?? "../shared";
  const folder = join(shared, "data");
  if (!existsSync(join(folder, "gowalla"))) {
    return { name: "generated 800k", data: zipf(800_000) };
  }
  return { name: "gowalla", data: readGowalla(folder).train };
}

function findPeer(isWanted: boolean): Peer | null {
  if (!isWanted) return null;
  const folder = "node_modules/.cache/bench-peers";
  const peer = openPeer(join(import.meta.dirname, "..", folder));
  if (typeof peer !== "string") return peer;
  console.log(peer);
  return null;
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const { name, data } = readData(args.find((arg) => !arg.startsWith("-")));
  const peer = findPeer(!args.includes("--no-peers"));
  const { engine } = openKernels();
  console.log(
    `${name}: ${data.user.length} events, ${data.users.length} people, ${data.items.length} items; ${engine} kernels, ${THREADS} threads, Node ${process.versions.node}`,
  );
  const show = (one: Comparison) => {
    report(one, peer?.name ?? "");
  };
  const rows = rowsOf(data);
  if (peer !== null) await givePeer(peer, rows);
  for (const factors of [64, 128]) {
    show(await compareAls(data, peer, { factors, threads: THREADS }));
  }
  show(await compareKnn(rows, peer, THREADS));
  reportFoldIn(data);
  (await compareTop(peer)).forEach(show);
  peer?.close();
  reportModels(data, name);
  reportModels(zipf(100_000), "generated 100k");
}

await main();

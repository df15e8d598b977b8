import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@recsys/contracts";
import {
  bootstrapMean,
  evaluateLists,
  kolmogorovSmirnov,
  mannWhitney,
  momentsOf,
  normalQuantile,
  ESTIMATORS,
  rankByScore,
  weighRows,
  welchTest,
} from "@recsys/evaluation";

const N = 200_000;
const RESAMPLES = 1000;
const ROWS = 50_000;
const ACTIONS = 10;
const USERS = 2000;
const LIST = 50;

const random = seededRandom(20261121);
const normal = () => normalQuantile((random() * 2 ** 32 + 0.5) / (2 ** 32 + 1));
const draw = (n: number, one: () => number) =>
  Float64Array.from({ length: n }, one);

/** The samples that both sides get. */
function makeSamples() {
  const policy = () => {
    const raw = Array.from({ length: ACTIONS }, () => 0.05 + random());
    const total = raw.reduce((sum, value) => sum + value, 0);
    return raw.map((value) => value / total);
  };
  const rows = Array.from({ length: ROWS }, () => {
    const [logging, target] = [policy(), policy()];
    const action = Math.floor(random() * ACTIONS);
    const predicted = Array.from({ length: ACTIONS }, random);
    const reward = random() < 0.3 ? 1 : 0;
    return {
      action,
      reward,
      propensity: logging[action] ?? 0,
      target,
      predicted,
    };
  });
  return {
    a: draw(N, normal),
    b: draw(N, () => normal() + 0.01),
    labels: draw(N, () => (random() < 0.1 ? 1 : 0)),
    scores: draw(N, random),
    rows,
  };
}

type Samples = ReturnType<typeof makeSamples>;

/** Lists of fifty scored items for each user. */
function judgedLists(labels: Float64Array, scores: Float64Array) {
  return Array.from({ length: USERS }, (_, user) => {
    const at = user * LIST;
    const own = Array.from({ length: LIST }, (_, i): [string, number] => [
      `i${i}`,
      at + i,
    ]);
    return {
      scores: new Map(own.map(([item, i]) => [item, scores[i] ?? 0])),
      truth: new Map(own.map(([item, i]) => [item, labels[i] ?? 0])),
    };
  });
}

function policyWork(
  name: string,
  rows: Samples["rows"],
): [string, () => number] {
  const settings = {
    alpha: 0.05,
    clipLambda: 10,
    switchLambda: 10,
    shrinkLambda: 10,
  };
  const estimator = ESTIMATORS.find((one) => one.name === name);
  return [
    name,
    () => {
      const value = estimator?.estimate(weighRows(rows), settings).value;
      return value?.kind === "number" ? value.value : NaN;
    },
  ];
}

/** Everything that is timed, by the name that the other side gives it. */
function makeWork({ a, b, labels, scores, rows }: Samples) {
  const lists = judgedLists(labels, scores);
  return new Map<string, () => number>([
    [
      "welch",
      () => {
        const { t } = welchTest(momentsOf(a), momentsOf(b), 0.05);
        return t.kind === "number" ? t.value : NaN;
      },
    ],
    ["mann-whitney", () => mannWhitney(a, b).uB],
    [
      "kolmogorov-smirnov",
      () => {
        const { distance } = kolmogorovSmirnov(a, b);
        return distance.kind === "number" ? distance.value : NaN;
      },
    ],
    [
      "bootstrap",
      () =>
        bootstrapMean(a.subarray(0, 10_000), {
          resamples: RESAMPLES,
          seed: 1,
          confidence: 0.95,
        }).standardError,
    ],
    [
      "auc",
      () => {
        const [none, some] = [0, 1].map((label) =>
          scores.filter((_, i) => labels[i] === label),
        );
        const { probabilityBGreater } = mannWhitney(none ?? [], some ?? []);
        return probabilityBGreater.kind === "number"
          ? probabilityBGreater.value
          : NaN;
      },
    ],
    ["ndcg", () => meanNdcg(lists)],
    ...["ips", "snips", "dr"].map((name) => policyWork(name, rows)),
  ]);
}

function meanNdcg(
  lists: readonly { scores: Map<string, number>; truth: Map<string, number> }[],
): number {
  const { metrics } = evaluateLists({
    metrics: ["ndcg_linear@20"],
    lists: new Map(
      lists.map(({ scores }, i) => [`u${i}`, rankByScore(scores, new Set())]),
    ),
    truth: new Map(lists.map(({ truth }, i) => [`u${i}`, truth])),
    catalogue: [],
    trainCounts: new Map(),
    nUsers: 0,
    bootstrap: { resamples: 0, seed: 1, confidence: 0.95 },
  });
  const mean = metrics[0]?.mean;
  // The other side counts users for whom nothing is relevant as 0.
  return mean?.kind === "number"
    ? (mean.value * (metrics[0]?.users ?? 0)) / lists.length
    : NaN;
}

interface PeerLine {
  readonly tool: string;
  readonly name: string;
  readonly ms?: number;
  readonly value?: number;
  readonly absent?: string;
}

/** Own times beside those of scipy, scikit-learn and obp on the same samples; absent ones are named. */
export function compareSpeed(python: string): void {
  const samples = makeSamples();
  const work = makeWork(samples);
  for (const line of peerLines(python, samples)) {
    const own = work.get(line.name);
    if (own === undefined) continue;
    const { ms, value } = measure(own);
    const mine = `${line.name.padEnd(20)} ${ms.toFixed(1).padStart(8)} ms`;
    if (line.ms === undefined) {
      console.log(
        `${mine}   ${line.tool}: absent (${line.absent ?? "no answer"})`,
      );
      continue;
    }
    const agree = Math.abs(value - (line.value ?? NaN)) / Math.abs(value);
    console.log(
      `${mine}   ${line.tool} ${line.ms.toFixed(1)} ms   ${(line.ms / ms).toFixed(2)}× its speed   values differ by ${agree.toExponential(1)}`,
    );
  }
}

function measure(work: () => number) {
  let value = work();
  let ms = Infinity;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    value = work();
    ms = Math.min(ms, performance.now() - started);
  }
  return { ms, value };
}

function peerLines(python: string, samples: Samples): PeerLine[] {
  const folder = mkdtempSync(join(tmpdir(), "recsys-peers-"));
  const { rows, ...plain } = samples;
  const files: Record<string, Float64Array> = {
    ...plain,
    rewards: Float64Array.from(rows, (row) => row.reward),
    actions: Float64Array.from(rows, (row) => row.action),
    propensities: Float64Array.from(rows, (row) => row.propensity),
    target: Float64Array.from(rows.flatMap((row) => row.target)),
    predicted: Float64Array.from(rows.flatMap((row) => row.predicted)),
  };
  try {
    for (const [name, values] of Object.entries(files)) {
      writeFileSync(join(folder, `${name}.f64`), values);
    }
    const script = join(import.meta.dirname, "peers.py");
    const done = spawnSync(python, [script, folder, String(RESAMPLES)], {
      encoding: "utf8",
    });
    const lines = (done.stdout || "")
      .split("\n")
      .filter((line) => line.startsWith("{"));
    if (lines.length === 0)
      console.log(
        `no peers: ${python} gave ${done.error?.message ?? done.stderr}`,
      );
    return lines.map((line) => JSON.parse(line) as PeerLine);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

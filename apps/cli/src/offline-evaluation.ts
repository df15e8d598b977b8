import { readFileSync } from "node:fs";
import {
  ApiError,
  DEFAULT_CONFIG,
  GateThresholds,
  messageOf,
  SIGNAL_NAMES,
  validator,
  type Item,
  type OfflineReport,
} from "@recsys/contracts";
import { parseMetric } from "@recsys/evaluation";
import {
  DEFAULT_PARAMETERS,
  evalOffline,
  guessFormat,
  readImportFolder,
  readInteractionsFile,
  resolvePipelineParameters,
  splitByTime,
  startLearner,
  withOnly,
  type EventColumns,
  type OfflineArm,
} from "@recsys/pipelines";
import type { Io } from "./io.ts";
import { createProgress } from "./progress.ts";
import { productVersion } from "./versions.ts";

/** What is to be measured, on what, against what. */
export interface EvaluationWishes {
  readonly adapter: string;
  readonly split?: number;
  readonly train?: string;
  readonly test?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly items?: string;
  readonly relevantFrom?: number;
  readonly repeats?: boolean;
  readonly source?: string;
  readonly baseline?: string;
  readonly gate?: string;
  readonly surface: string;
  readonly k: number;
  readonly metrics?: readonly string[];
  readonly maxUsers?: number;
  readonly resamples: number;
  readonly seed: number;
  readonly title?: string;
}

/** Rows to learn from and rows to judge by, with the catalogue where there is one. */
interface Halves {
  readonly train: EventColumns;
  readonly test: EventColumns;
  readonly items?: readonly Item[];
  /** Unix milliseconds: end of training. */
  readonly asOf: number;
  readonly isTimeSplit: boolean;
  readonly facts: OfflineReport["facts"];
}

/** Evaluates files without a database; the same files and seed give the same numbers. */
export async function evaluateFiles(
  io: Io,
  paths: readonly string[],
  wishes: EvaluationWishes,
): Promise<OfflineReport> {
  const thresholds = readThresholds(wishes.gate);
  const halves = await readHalves(paths, wishes);
  const blend = blendArm();
  const candidate =
    wishes.source === undefined ? blend : withOnly(blend, wishes.source);
  const progress = createProgress(io, "evaluate");
  const learner = startLearner();
  try {
    const outcome = await evalOffline({
      ...halves,
      title: wishes.title ?? `Offline evaluation of ${candidate.label}`,
      candidate,
      baseline:
        wishes.baseline === undefined ? null : withOnly(blend, wishes.baseline),
      thresholds,
      surface: wishes.surface,
      k: wishes.k,
      metrics: wishes.metrics ?? DEFAULT_PARAMETERS.evaluation.metrics,
      wanted: wishes.repeats === true ? "all-items" : "new-items",
      users: "known",
      ...(wishes.relevantFrom === undefined
        ? {}
        : { relevantFrom: wishes.relevantFrom }),
      ...(wishes.maxUsers === undefined ? {} : { maxUsers: wishes.maxUsers }),
      bootstrap: {
        resamples: wishes.resamples,
        seed: wishes.seed,
        confidence: 0.95,
      },
      createdAt: io.now(),
      learner,
      facts: { ...halves.facts, recsys: productVersion() },
      onProgress: (step, fraction) => {
        progress.update(Math.round(fraction * 100), 100, step);
      },
    });
    if (outcome.kind === "too-few-users") throw nobodyToJudge(halves);
    return outcome.report;
  } finally {
    progress.stop();
    await learner.close();
  }
}

/** Why there is nobody to rank for, with where the rows lie in time. */
function nobodyToJudge({ train, test, isTimeSplit, asOf }: Halves): ApiError {
  const rows = `${train.rowCount} rows train (${spanOf(train)}), ${test.rowCount} test (${spanOf(test)})`;
  return new ApiError("INVALID_REQUEST", {
    detail: `No user of the test rows has a history and then something new: ${rows}.`,
    fix: isTimeSplit
      ? `Move --split, which is ${dayOf(asOf)}, into the span of the rows; --repeats counts items that users had before.`
      : "Give files that share their users; --repeats counts items that users had before.",
  });
}

function spanOf({ ts }: EventColumns): string {
  const known = ts.filter((time) => time > 0).sort();
  const [first] = known;
  const last = known.at(-1);
  return first === undefined || last === undefined
    ? "no times"
    : `${dayOf(first)} to ${dayOf(last)}`;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function blendArm(): OfflineArm {
  return {
    label: "blend",
    config: DEFAULT_CONFIG,
    tenantKnobs: {},
    rules: { rules: [] },
    parameters: resolvePipelineParameters(),
    signals: SIGNAL_NAMES,
    knobs: {},
  };
}

async function readHalves(
  paths: readonly string[],
  wishes: EvaluationWishes,
): Promise<Halves> {
  const { train, test, split } = wishes;
  if (train !== undefined && test !== undefined) {
    return readTwoFiles({ train, test }, wishes);
  }
  if (split === undefined || paths.length === 0) {
    throw new ApiError("INVALID_REQUEST", {
      detail: "Give files and --split <date>, or --train and --test.",
    });
  }
  const set = await readImportFolder({ adapter: wishes.adapter, paths });
  const catalogue =
    wishes.items === undefined
      ? set
      : await readImportFolder({
          adapter: wishes.adapter,
          paths: [wishes.items],
        });
  return {
    ...splitByTime(set.events, split),
    ...(catalogue.items.length === 0 ? {} : { items: catalogue.items }),
    asOf: split,
    isTimeSplit: true,
    facts: {
      adapter: wishes.adapter,
      split: new Date(split).toISOString(),
      left_out: [...set.leftOut]
        .map(([code, count]) => `${code} ${count}`)
        .join(", "),
    },
  };
}

async function readTwoFiles(
  files: { readonly train: string; readonly test: string },
  wishes: EvaluationWishes,
): Promise<Halves> {
  const read = (path: string) =>
    readInteractionsFile({
      path,
      format: guessFormat(path),
      type: wishes.relevantFrom === undefined ? "purchase" : "rating",
      ...columnsOf(wishes.map),
    });
  const train = await read(files.train);
  const test = await read(files.test);
  const items =
    wishes.items === undefined
      ? []
      : (
          await readImportFolder({
            adapter: wishes.adapter,
            paths: [wishes.items],
          })
        ).items;
  return {
    train,
    test,
    ...(items.length === 0 ? {} : { items }),
    asOf: Math.max(newest(train), newest(test)),
    isTimeSplit: false,
    facts: { train: files.train, test: files.test },
  };
}

function columnsOf(map: EvaluationWishes["map"]) {
  if (map === undefined) return {};
  const known = ["user", "item", "rating", "timestamp"];
  const unknown = Object.keys(map).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ApiError("INVALID_REQUEST", {
      detail: `--map knows ${known.join(", ")}, not ${unknown.join(", ")}.`,
    });
  }
  const { user = "user_id", item = "item_id", ...optional } = map;
  return { mapping: { user, item, ...optional } };
}

function newest(events: EventColumns): number {
  return events.ts.reduce((last, ts) => Math.max(last, ts), 0);
}

/** Thresholds of a file, or those that the pipelines judge by. */
function readThresholds(file: string | undefined): GateThresholds | null {
  if (file === undefined) return null;
  if (file === "default") return DEFAULT_PARAMETERS.evaluation.thresholds;
  const text = readFileSync(file, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError("MALFORMED_JSON", {
      detail: `${file} is no JSON: ${messageOf(cause)}.`,
      fix: null,
      cause,
    });
  }
  const errors = validator(GateThresholds)(value);
  if (errors.length > 0)
    throw new ApiError("INVALID_REQUEST", {
      detail: `${file} is not a set of thresholds.`,
      errors,
    });
  const thresholds = value as GateThresholds;
  requireMetrics(file, thresholds);
  return thresholds;
}

function requireMetrics(file: string, thresholds: GateThresholds): void {
  const gated = [thresholds.primary, ...thresholds.guardrails];
  for (const { metric } of gated) {
    const read = parseMetric(metric);
    if (read.ok) continue;
    throw new ApiError("INVALID_REQUEST", {
      detail: `${file}: ${read.because}.`,
    });
  }
}

import type { MetricDifference, RunComparison } from "@recsys/contracts";
import { meanInterval, type BootstrapOptions } from "./bootstrap.ts";
import { computed, notComputable } from "./computed.ts";
import type { EvaluationResult } from "./evaluation.ts";
import { computedMean, mean, standardError } from "./moments.ts";
import { compareRatios } from "./ratio-estimate.ts";
import { denominatorOf } from "./score-user.ts";
import type { UserScores } from "./user-scores.ts";

/**
 * Candidate minus baseline, user by user: means, difference, its standard
 * error and paired bootstrap interval. Users of one run only, or without a
 * value in either, are left out and counted. The intervals repeat with
 * `bootstrap.seed`.
 */
export function compareRuns(
  candidate: EvaluationResult,
  baseline: EvaluationResult,
  bootstrap: BootstrapOptions = candidate.bootstrap,
): RunComparison {
  const pairs = pairUsers(candidate.scores, baseline.scores);
  return {
    users_paired: pairs.length,
    users_only_candidate: candidate.scores.users.length - pairs.length,
    users_only_baseline: baseline.scores.users.length - pairs.length,
    differences: candidate.metrics.map((estimate) => {
      const key = columnKey(estimate);
      const ratios = pairedRatios(pairs, { candidate, baseline, key });
      if (ratios !== null) {
        return { ...identityOf(estimate), ...compareRatios(ratios, bootstrap) };
      }
      const values = pairedValues(pairs, {
        candidate: candidate.scores.columns.get(key),
        baseline: baseline.scores.columns.get(key),
      });
      return { ...identityOf(estimate), ...describe(values, bootstrap) };
    }),
    exposure: candidate.exposure.map((row) => ({
      ...identityOf(row),
      candidate: row.value,
      baseline:
        baseline.exposure.find((other) => columnKey(other) === columnKey(row))
          ?.value ?? notComputable("the baseline run did not measure it"),
    })),
  };
}

interface Identity {
  readonly name: string;
  readonly metric: string;
  readonly k: number | null;
  readonly better: "higher" | "lower";
}

function identityOf({ name, metric, k, better }: Identity): Identity {
  return { name, metric, k, better };
}

function columnKey({ metric, k }: Identity): string {
  return k === null ? metric : `${metric}@${k}`;
}

type Pair = readonly [candidateAt: number, baselineAt: number];

function pairUsers(candidate: UserScores, baseline: UserScores): Pair[] {
  const position = new Map(baseline.users.map((user, at) => [user, at]));
  return candidate.users.flatMap((user, at): Pair[] => {
    const other = position.get(user);
    return other === undefined ? [] : [[at, other]];
  });
}

/** Both runs' parts of a ratio metric on the users who have them; null for other metrics. */
function pairedRatios(
  pairs: readonly Pair[],
  o: {
    readonly candidate: EvaluationResult;
    readonly baseline: EvaluationResult;
    readonly key: string;
  },
) {
  const columns = [o.candidate, o.baseline].map(({ scores }) => ({
    above: scores.columns.get(o.key),
    below: scores.columns.get(denominatorOf(o.key)),
  }));
  if (columns.every(({ below }) => below === undefined)) return null;
  const rows = pairs
    .map((pair) =>
      columns.flatMap(({ above, below }, run) => {
        const at = pair[run] ?? 0;
        return [above?.[at] ?? NaN, below?.[at] ?? NaN];
      }),
    )
    .filter((row) => !row.some(Number.isNaN));
  const column = (i: number) => Float64Array.from(rows, (row) => row[i] ?? NaN);
  return {
    candidate: { numerators: column(0), denominators: column(1) },
    baseline: { numerators: column(2), denominators: column(3) },
  };
}

interface PairedValues {
  readonly candidate: number[];
  readonly baseline: number[];
  readonly difference: number[];
}

function pairedValues(
  pairs: readonly Pair[],
  columns: Readonly<Record<"candidate" | "baseline", Float64Array | undefined>>,
): PairedValues {
  const values: PairedValues = { candidate: [], baseline: [], difference: [] };
  for (const [at, other] of pairs) {
    const a = columns.candidate?.[at] ?? NaN;
    const b = columns.baseline?.[other] ?? NaN;
    if (Number.isNaN(a - b)) continue;
    values.candidate.push(a);
    values.baseline.push(b);
    values.difference.push(a - b);
  }
  return values;
}

function describe(
  { candidate, baseline, difference }: PairedValues,
  bootstrap: BootstrapOptions,
): Omit<MetricDifference, keyof Identity> {
  const baselineMean = baseline.length === 0 ? 0 : mean(baseline);
  return {
    users: difference.length,
    candidate_mean: computedMean(candidate),
    baseline_mean: computedMean(baseline),
    difference: computedMean(difference),
    standard_error: standardError(difference),
    interval: meanInterval(difference, bootstrap),
    relative:
      baselineMean === 0
        ? notComputable("the baseline's mean is 0 or absent")
        : computed(mean(difference) / baselineMean),
  };
}

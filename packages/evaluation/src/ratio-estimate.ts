import {
  seededRandom,
  type ComputedInterval,
  type MetricDifference,
  type MetricEstimate,
} from "@recsys/contracts";
import { summariseResamples, type BootstrapOptions } from "./bootstrap.ts";
import {
  computed,
  computedInterval,
  notComputable,
  unless,
  valueOf,
} from "./computed.ts";
import { ratioVariance } from "./experiments/ratio-metric.ts";
import { momentsOf, pairMomentsOf } from "./experiments/sample-moments.ts";
import { denominatorOf } from "./score-user.ts";
import type { UserScores } from "./user-scores.ts";

/** What each user adds to a ratio metric. */
export interface RatioUsers {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

/** The parts of the users for whom the metric is defined, all or those at `positions`. */
export function definedRatios(
  scores: UserScores,
  key: string,
  positions?: readonly number[],
): RatioUsers {
  const above = scores.columns.get(key) ?? new Float64Array();
  const below = scores.columns.get(denominatorOf(key)) ?? new Float64Array();
  const defined = [...(positions ?? above.keys())].filter(
    (at) => !Number.isNaN((above[at] ?? NaN) + (below[at] ?? NaN)),
  );
  return {
    numerators: Float64Array.from(defined, (at) => above[at] ?? NaN),
    denominators: Float64Array.from(defined, (at) => below[at] ?? NaN),
  };
}

/** Sum ÷ sum, standard error by the delta method, interval by resampling users. */
export function estimateRatio(
  users: RatioUsers,
  bootstrap: BootstrapOptions,
): Pick<MetricEstimate, "users" | "mean" | "standard_error" | "interval"> {
  const n = users.numerators.length;
  const moments = pairMomentsOf(users.denominators, users.numerators);
  const because = refuse(users);
  const few = because ?? (n < 2 ? "it takes at least two users" : null);
  const error = Math.sqrt(ratioVariance(moments));
  return {
    users: n,
    mean: unless(because, moments.y.mean / moments.x.mean),
    standard_error: unless(few, error),
    interval: resampledInterval(few, bootstrap, {
      users: n,
      statistic: (drawn) => ratioAt(users, drawn),
    }),
  };
}

/** Candidate minus baseline of a ratio metric, on the same users. */
export function compareRatios(
  runs: { readonly candidate: RatioUsers; readonly baseline: RatioUsers },
  bootstrap: BootstrapOptions,
): Pick<
  MetricDifference,
  | "users"
  | "candidate_mean"
  | "baseline_mean"
  | "difference"
  | "standard_error"
  | "interval"
  | "relative"
> {
  const { candidate, baseline } = runs;
  const n = candidate.numerators.length;
  const because = refuse(candidate) ?? refuse(baseline);
  const few = because ?? (n < 2 ? "it takes at least two users" : null);
  const own = ratioAt(candidate, null);
  const other = ratioAt(baseline, null);
  const others = influenceOf(baseline, other);
  const influence = influenceOf(candidate, own).map(
    (value, i) => value - (others[i] ?? NaN),
  );
  const error = Math.sqrt(momentsOf(influence).variance / n);
  return {
    users: n,
    candidate_mean: unless(because, own),
    baseline_mean: unless(because, other),
    difference: unless(because, own - other),
    standard_error: unless(few, error),
    interval: resampledInterval(few, bootstrap, {
      users: n,
      statistic: (drawn) =>
        ratioAt(candidate, drawn) - ratioAt(baseline, drawn),
    }),
    relative:
      because !== null || other === 0
        ? notComputable("the baseline's value is 0 or absent")
        : computed((own - other) / other),
  };
}

/** Percentile bootstrap over users; every draw is a list of their positions. */
function resampledInterval(
  because: string | null,
  options: BootstrapOptions,
  o: {
    readonly users: number;
    readonly statistic: (drawn: Int32Array) => number;
  },
): ComputedInterval {
  if (because !== null) return notComputable(because);
  if (options.resamples < 1) return notComputable("no resamples were asked");
  const random = seededRandom(options.seed);
  const drawn = new Int32Array(o.users);
  const draw = () => {
    for (let i = 0; i < o.users; i++) drawn[i] = Math.floor(random() * o.users);
    return o.statistic(drawn);
  };
  const { low, high } = summariseResamples(NaN, draw, options);
  return computedInterval(low, high);
}

function ratioAt(users: RatioUsers, drawn: Int32Array | null): number {
  let [above, below] = [0, 0];
  const n = users.numerators.length;
  for (let i = 0; i < n; i++) {
    const at = drawn?.[i] ?? i;
    above += users.numerators[at] ?? NaN;
    below += users.denominators[at] ?? NaN;
  }
  return above / below;
}

/** How much each user moves the ratio, to first order. */
function influenceOf(users: RatioUsers, ratio: number): Float64Array {
  const { mean } = momentsOf(users.denominators);
  return users.numerators.map(
    (above, i) => (above - ratio * (users.denominators[i] ?? NaN)) / mean,
  );
}

function refuse(users: RatioUsers): string | null {
  if (users.numerators.length === 0) return "no user has a value";
  const ratio = computed(ratioAt(users, null));
  return Number.isNaN(valueOf(ratio)) ? "the denominators sum to 0" : null;
}

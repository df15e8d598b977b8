import { seededRandom } from "@recsys/contracts";
import {
  alwaysValid,
  cuped,
  ESTIMATORS,
  mannWhitney,
  momentsOf,
  normalQuantile,
  pairMomentsOf,
  ratioTest,
  SLATE_ESTIMATORS,
  twoProportionTest,
  weighRows,
  welchTest,
  type LoggedSlate,
} from "@recsys/evaluation";

/** One figure with its limit: a rate of some event over many simulated runs. */
export interface Simulation {
  readonly name: string;
  /** Accepted, inclusive. */
  readonly accept: readonly [low: number, high: number];
  readonly runs: number;
  /** Whether the event happened in one run. */
  readonly event: (draws: Draws) => boolean;
}

export type Draws = ReturnType<typeof drawsOf>;

/** Draws from one seed. */
export function drawsOf(seed: number) {
  const uniform = seededRandom(seed);
  const normal = (mean = 0, sd = 1) =>
    mean + sd * normalQuantile((uniform() * 2 ** 32 + 0.5) / (2 ** 32 + 1));
  const normals = (n: number, mean = 0, sd = 1) =>
    Array.from({ length: n }, () => normal(mean, sd));
  return { uniform, normal, normals };
}

const RUNS = 2000;
const COVERS: readonly [number, number] = [0.935, 0.965];
const REJECTS: readonly [number, number] = [0.035, 0.065];

type Interval =
  | { readonly kind: "not-computable" }
  | { readonly kind: "interval"; readonly low: number; readonly high: number };

function holds(interval: Interval, truth: number): boolean {
  return (
    interval.kind === "interval" &&
    interval.low <= truth &&
    truth <= interval.high
  );
}

function rejects(p: {
  readonly kind: string;
  readonly value?: number;
}): boolean {
  return p.value !== undefined && p.value < 0.05;
}

function binomial({ uniform }: Draws, n: number, p: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (uniform() < p) count++;
  return count;
}

const TESTS: readonly Simulation[] = [
  {
    name: "welch: coverage, n 15 and 40, sd 1 and 4",
    accept: COVERS,
    runs: RUNS,
    event: ({ normals }) =>
      holds(
        welchTest(momentsOf(normals(15)), momentsOf(normals(40, 1, 4)), 0.05)
          .interval,
        1,
      ),
  },
  {
    name: "two proportions: false positives at 10 % of 800",
    accept: REJECTS,
    runs: RUNS,
    event: (draws) => {
      const count = () => ({ successes: binomial(draws, 800, 0.1), n: 800 });
      return rejects(twoProportionTest(count(), count(), 0.05).pTwoSided);
    },
  },
  {
    name: "two proportions: coverage of a rise from 10 to 13 %",
    accept: COVERS,
    runs: RUNS,
    event: (draws) => {
      const a = { successes: binomial(draws, 800, 0.1), n: 800 };
      const b = { successes: binomial(draws, 800, 0.13), n: 800 };
      return holds(twoProportionTest(a, b, 0.05).interval, 0.03);
    },
  },
  {
    name: "ratio metric: false positives, 200 users each",
    accept: REJECTS,
    runs: RUNS,
    event: (draws) =>
      rejects(ratioTest(clickers(draws), clickers(draws), 0.05).pTwoSided),
  },
  {
    name: "cuped: coverage of 0.5",
    accept: COVERS,
    runs: RUNS,
    event: (draws) =>
      holds(
        cuped(pairs(draws, 0), pairs(draws, 0.5), 0.05).adjusted.interval,
        0.5,
      ),
  },
  {
    name: "mann-whitney: false positives, skewed, n 40",
    accept: REJECTS,
    runs: RUNS,
    event: ({ normals }) =>
      rejects(
        mannWhitney(normals(40).map(Math.exp), normals(40).map(Math.exp))
          .pTwoSided,
      ),
  },
  {
    name: "always valid: false positives over 25 looks",
    accept: [0, 0.05],
    runs: RUNS,
    event: (draws) => looks(draws).some((p) => p < 0.05),
  },
];

function clickers({ uniform }: Draws) {
  const views = Array.from(
    { length: 200 },
    () => 1 + Math.floor(20 * uniform()),
  );
  const clicks = views.map((n) => {
    const own = 0.4 * uniform();
    return Array.from({ length: n }, uniform).filter((u) => u < own).length;
  });
  return pairMomentsOf(views, clicks);
}

function pairs({ normals, normal }: Draws, effect: number) {
  const x = normals(60, 5, 2);
  return pairMomentsOf(
    x,
    x.map((past) => effect + 0.8 * past + normal(0, 1.2)),
  );
}

/** p of the always-valid test at 25 looks without an effect. */
function looks({ normals }: Draws): number[] {
  const [a, b] = [normals(1000), normals(1000)];
  const seen = Array.from({ length: 25 }, (_, i) => ({
    a: momentsOf(a.slice(0, 40 * (i + 1))),
    b: momentsOf(b.slice(0, 40 * (i + 1))),
  }));
  return alwaysValid(seen, { tau2: 0.01, alpha: 0.05 }).map(({ p }) =>
    p.kind === "number" ? p.value : 1,
  );
}

const RATE = [0.1, 0.2, 0.3, 0.4];
const LOGGING = [0.4, 0.3, 0.2, 0.1];
const TARGET = [0.1, 0.2, 0.3, 0.4];
const POLICY_VALUE = TARGET.reduce((sum, p, i) => sum + p * (RATE[i] ?? 0), 0);
/** Effective sample size of more than 1,000. */
const DECISIONS = 3000;

const OFF_POLICY = ESTIMATORS.filter(({ unbiased }) => unbiased).map(
  ({ name, estimate }): Simulation => ({
    name: `${name}: coverage, ${DECISIONS} decisions`,
    accept: COVERS,
    runs: RUNS,
    event: (draws) => {
      const rows = weighRows(
        Array.from({ length: DECISIONS }, () => choice(draws)),
      );
      const settings = {
        alpha: 0.05,
        clipLambda: 5,
        switchLambda: 5,
        shrinkLambda: 5,
      };
      return holds(estimate(rows, settings).interval, POLICY_VALUE);
    },
  }),
);

function choice({ uniform }: Draws) {
  let action = 0;
  for (let u = uniform(); u > (LOGGING[action] ?? 1) && action < 3; action++)
    u -= LOGGING[action] ?? 0;
  return {
    action,
    reward: uniform() < (RATE[action] ?? 0) ? 1 : 0,
    propensity: LOGGING[action] ?? 0,
    target: TARGET,
    predicted: [0.15, 0.15, 0.35, 0.35],
  };
}

/** Users who stop at the first success: right for the standard and the reward-interaction estimator. */
const CASCADE_VALUE = 0.7 * 0.5 + (1 - 0.7 * 0.5) * 0.6 * 0.5;
const ADDITIVE_VALUE = 0.7 * 0.5 + 0.6 * 0.5;

const SLATES = SLATE_ESTIMATORS.map(({ name, estimate }): Simulation => {
  const cascade = ["slate_standard", "slate_reward_interaction"].includes(name);
  return {
    name: `${name}: coverage, 2000 slates`,
    accept: COVERS,
    runs: RUNS,
    event: (draws) => {
      const slates = Array.from({ length: 2000 }, () => slate(draws, cascade));
      return holds(
        estimate(slates, 0.05).interval,
        cascade ? CASCADE_VALUE : ADDITIVE_VALUE,
      );
    },
  };
});

/** Two slots, each good with ½ under the log, with 0.7 and 0.6 under the target; a good item succeeds with ½. */
function slate({ uniform }: Draws, cascade: boolean): LoggedSlate {
  const good = [uniform() < 0.5, uniform() < 0.5];
  const first = good[0] === true && uniform() < 0.5 ? 1 : 0;
  const second =
    good[1] === true && uniform() < 0.5 && !(cascade && first === 1) ? 1 : 0;
  return {
    rewards: [first, second],
    propensities: [0.5, 0.5],
    targets: [good[0] === true ? 0.7 : 0.3, good[1] === true ? 0.6 : 0.4],
  };
}

/** Everything that has a limit. */
export const SIMULATIONS: readonly Simulation[] = [
  ...TESTS,
  ...OFF_POLICY,
  ...SLATES,
];

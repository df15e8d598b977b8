import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { valueOf } from "../computed.ts";
import { drawsOf, shareOf } from "../../test/simulate.ts";
import { diagnoseSupport } from "./diagnose-support.ts";
import { diagnoseWeights } from "./diagnose-weights.ts";
import { ESTIMATORS } from "./index.ts";
import { weighRows, type LoggedChoice } from "./weighted-rows.ts";

const SEED = 20261126;
const settings = {
  alpha: 0.05,
  clipLambda: 2,
  switchLambda: 2,
  shrinkLambda: 4,
};

function estimate(name: string, rows: readonly LoggedChoice[]) {
  const estimator = ESTIMATORS.find((one) => one.name === name);
  if (estimator === undefined) throw new Error(`no estimator ${name}`);
  return estimator.estimate(weighRows(rows), settings);
}

/**
 * A log whose frequencies are exactly its propensities: of 10 rows, action 0
 * (propensity 0.1, reward 1) has 1, action 1 (0.9, reward 0.5) has 9. The
 * target takes them half and half: its true value is 0.75. Weights 5 and 5/9.
 */
const exact = Array.from({ length: 10 }, (_, i): LoggedChoice => {
  const action = i === 0 ? 0 : 1;
  return {
    action,
    reward: action === 0 ? 1 : 0.5,
    propensity: action === 0 ? 0.1 : 0.9,
    target: [0.5, 0.5],
    predicted: [0.6, 0.6],
  };
});

describe("on a log in proportion to its propensities", () => {
  test.each(["ips", "snips", "dr", "sndr"])(
    "%s gives the truth 0.75",
    (name) => {
      expect(valueOf(estimate(name, exact).value)).toBeCloseTo(0.75, 12);
    },
  );

  // Each bias is known: what the cut or shrunk weights leave out.
  test.each([
    ["ips_clipped", (2 * 1 + 9 * (5 / 9) * 0.5) / 10],
    ["dm", 0.6],
    ["dr_clipped", 0.6 + (2 * 0.4 - 9 * (5 / 9) * 0.1) / 10],
    ["switch_dr", 0.6 - (9 * (5 / 9) * 0.1) / 10],
    [
      "dr_os",
      0.6 + ((20 / 29) * 0.4 - 9 * (20 / 9 / (25 / 81 + 4)) * 0.1) / 10,
    ],
  ] as const)("%s is biased to exactly %d", (name, value) => {
    expect(valueOf(estimate(name, exact).value)).toBeCloseTo(value, 12);
  });
});

test("with a perfect model every model-based estimator gives the truth", () => {
  const perfect = exact.map((row) => ({ ...row, predicted: [1, 0.5] }));
  for (const { name, needsModel } of ESTIMATORS) {
    if (!needsModel) continue;
    expect(valueOf(estimate(name, perfect).value)).toBeCloseTo(0.75, 12);
  }
});

test("says what is missing: rows, a model, weight", () => {
  expect(estimate("ips", []).value.kind).toBe("not-computable");
  const modelless = exact.map(({ action, reward, propensity, target }) => {
    return { action, reward, propensity, target };
  });
  expect(estimate("dr", modelless).value).toEqual({
    kind: "not-computable",
    because: "the rows hold no predicted rewards",
  });
  const never = exact.map((row) => ({ ...row, target: [0, 0] }));
  expect(estimate("snips", never).value.kind).toBe("not-computable");
  expect(estimate("sndr", never).value.kind).toBe("not-computable");
  expect(estimate("ips", exact.slice(0, 1)).interval.kind).toBe(
    "not-computable",
  );
});

test("refuses a log whose shown action was impossible", () => {
  const broken = { action: 0, reward: 1, propensity: 0, target: [1] };
  expect(() => weighRows([broken])).toThrow(
    "row 0: a shown action has propensity 0",
  );
  expect(() => weighRows([{ ...broken, propensity: 1, action: 3 }])).toThrow(
    "no action 3",
  );
});

test("the cautious interval is the wider, the more so the fewer effective rows", () => {
  const result = estimate("snips", exact);
  const { interval, cautiousInterval } = result;
  if (interval.kind !== "interval" || cautiousInterval.kind !== "interval") {
    throw new Error("no interval");
  }
  const width = ({ low, high }: { low: number; high: number }) => high - low;
  expect(width(cautiousInterval)).toBeGreaterThan(1.5 * width(interval));
});

test("self-normalised estimates follow a shift of all rewards, and stay in their range", () => {
  const reward = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(reward, { minLength: 10, maxLength: 10 }),
      (rewards) => {
        const rows = exact.map((row, i) => ({
          ...row,
          reward: rewards[i] ?? 0,
        }));
        const shifted = rows.map((row) => ({ ...row, reward: row.reward + 3 }));
        const value = valueOf(estimate("snips", rows).value);
        const moved = valueOf(estimate("snips", shifted).value);
        const inRange =
          value >= Math.min(...rewards) - 1e-12 &&
          value <= Math.max(...rewards) + 1e-12;
        return inRange && Math.abs(moved - value - 3) < 1e-9;
      },
    ),
    { seed: SEED },
  );
});

describe("diagnostics", () => {
  test("an exact log has mean weight 1 and (Σw)²/Σw² effective rows", () => {
    const result = diagnoseWeights(weighRows(exact).weight);
    expect(valueOf(result.meanWeight)).toBeCloseTo(1, 12);
    expect(valueOf(result.effectiveSampleSize)).toBeCloseTo(
      100 / (25 + 9 * (25 / 81)),
      12,
    );
    expect(result.warnings[0]).toMatch(/effective rows/);
  });

  test("wrong propensities show in the mean weight", () => {
    const { weight } = weighRows(exact);
    const many = Float64Array.from(
      { length: 2000 },
      (_, i) => 2 * (weight[i % 10] ?? 0),
    );
    expect(diagnoseWeights(many).warnings.join()).toMatch(
      /mean weight is 2.000/,
    );
    expect(diagnoseWeights(new Float64Array()).meanWeight.kind).toBe(
      "not-computable",
    );
  });

  test("names the actions that the log could never show", () => {
    const result = diagnoseSupport([
      { target: [0.5, 0.3, 0.2], logging: [0.5, 0.5, 0] },
      { target: [1, 0, 0], logging: [1, 0, 0] },
    ]);
    expect(valueOf(result.unsupportedShare)).toBeCloseTo(0.1, 12);
    expect(result).toMatchObject({ decisions: 1, actions: [2] });
  });
});

test.each(ESTIMATORS.filter(({ unbiased }) => unbiased))(
  `$name covers the truth 95 % of the time (seed ${SEED})`,
  ({ name }) => {
    const { uniform } = drawsOf(SEED);
    const rate = [0.3, 0.5, 0.7];
    const logging = [0.5, 0.3, 0.2];
    const target = [0.2, 0.3, 0.5];
    const truth = 0.3 * 0.2 + 0.5 * 0.3 + 0.7 * 0.5;
    const covered = shareOf(400, () => {
      const rows = Array.from({ length: 300 }, (): LoggedChoice => {
        const u = uniform();
        const action = u < 0.5 ? 0 : u < 0.8 ? 1 : 2;
        return {
          action,
          reward: uniform() < (rate[action] ?? 0) ? 1 : 0,
          propensity: logging[action] ?? 0,
          target,
          predicted: [0.4, 0.4, 0.6],
        };
      });
      const { interval } = estimate(name, rows);
      return (
        interval.kind === "interval" &&
        interval.low < truth &&
        interval.high > truth
      );
    });
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.035);
  },
);

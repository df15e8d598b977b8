import { expect, it } from "vitest";
import { credibleInterval } from "./credible-interval.ts";
import { reportArms } from "./report-arms.ts";

it("gives the interval that the mean lies in with 95 %", () => {
  // Flat prior; then Beta(1, n + 1), whose quantiles are 1 − (1 − p)^(1 / (n + 1)).
  const [low, high] = credibleInterval({ trials: 0, reward: 0 });
  expect([low, high]).toEqual([
    expect.closeTo(0.025, 5),
    expect.closeTo(0.975, 5),
  ]);
  const [, nine] = credibleInterval({ trials: 9, reward: 0 });
  expect(nine).toBeCloseTo(1 - 0.025 ** 0.1, 5);
  // Many trials: close to the normal one, 0.3 ± 1.96 √(0.3 × 0.7 / 100,000).
  const [from, to] = credibleInterval({ trials: 1e5, reward: 3e4 });
  expect(from).toBeCloseTo(0.3 - 0.00284, 4);
  expect(to).toBeCloseTo(0.3 + 0.00284, 4);
});

it("lists what is configured, tried or drawn, the most tried first", () => {
  const rows = reportArms({
    names: ["a", "c"],
    learned: [
      { arm: "a", trials: 4, reward: 1 },
      { arm: "b", trials: 10, reward: 5 },
    ],
    draws: [
      { arm: "a", draws: 3, minPropensity: 0.2, maxPropensity: 0.4 },
      { arm: "d", draws: 1, minPropensity: 0.1, maxPropensity: 0.1 },
    ],
  });
  expect(
    rows.map(({ arm, mean_reward, share }) => [arm, mean_reward, share]),
  ).toEqual([
    ["b", 0.5, 0],
    ["a", 0.25, 0.75],
    ["c", null, 0],
    ["d", null, 0.25],
  ]);
  expect(rows[1]?.propensity).toEqual({ min: 0.2, max: 0.4 });
  expect(rows[0]?.propensity).toBeNull();
});

import type {
  ComputedInterval,
  GateThresholds,
  RunComparison,
} from "@recsys/contracts";
import { describe, expect, test } from "vitest";
import type { GatedReport } from "./gate-evidence.ts";
import { judgeAgainstReport } from "./gate-rules.ts";
import { gate } from "./gate.ts";

const ndcg = {
  name: "ndcg@10",
  metric: "ndcg_binary",
  k: 10,
  better: "higher",
} as const;
const meanPopularity = {
  name: "mean_popularity",
  metric: "mean_popularity",
  k: null,
  better: "lower",
} as const;

const number = (value: number) => ({ kind: "number", value }) as const;
const interval = (low: number, high: number) =>
  ({ kind: "interval", low, high }) as const;
const absent = { kind: "not-computable", because: "no user" } as const;

function report(o: {
  ndcg?: ComputedInterval;
  users?: number;
  quality?: "pass" | "warn" | "fail";
}): GatedReport {
  return {
    quality: [
      {
        name: "test_after_train",
        outcome: o.quality ?? "pass",
        count: 0,
        detail: "checked",
      },
    ],
    users: { scored: o.users ?? 1000, skipped: 0 },
    metrics: [
      {
        ...ndcg,
        users: 1000,
        skipped: 0,
        mean: number(0.2),
        standard_error: number(0.01),
        interval: o.ndcg ?? interval(0.18, 0.22),
      },
    ],
    exposure: [{ ...meanPopularity, value: number(50) }],
  };
}

function comparison(
  difference: ComputedInterval,
  popularity = { candidate: 50, baseline: 50 },
): RunComparison {
  return {
    users_paired: 900,
    users_only_candidate: 0,
    users_only_baseline: 0,
    differences: [
      {
        ...ndcg,
        users: 900,
        candidate_mean: number(0.2),
        baseline_mean: number(0.2),
        difference: number(0),
        standard_error: number(0.001),
        interval: difference,
        relative: number(0),
      },
    ],
    exposure: [
      {
        ...meanPopularity,
        candidate: number(popularity.candidate),
        baseline: number(popularity.baseline),
      },
    ],
  };
}

function thresholds(o: Partial<GateThresholds> = {}): GateThresholds {
  return {
    min_users: 500,
    primary: {
      metric: "ndcg@10",
      non_inferiority_margin: 0.01,
      unit: "absolute",
      requires: "non-inferior",
    },
    guardrails: [],
    without_baseline: "ship",
    ...o,
  };
}

const same = comparison(interval(-0.001, 0.001));

describe("the primary metric decides by the interval of the difference", () => {
  test.each([
    { low: -0.009, high: -0.001, decision: "ship", exit_code: 0 },
    { low: -0.01, high: 0.02, decision: "ship", exit_code: 0 },
    { low: -0.011, high: 0.05, decision: "hold", exit_code: 2 },
    { low: -0.03, high: -0.01, decision: "hold", exit_code: 2 },
    { low: -0.03, high: -0.011, decision: "fail", exit_code: 3 },
  ])("$low to $high, margin 0.01: $decision", ({ low, high, ...expected }) => {
    const difference = comparison(interval(low, high));
    expect(gate(report({}), difference, thresholds())).toMatchObject(expected);
  });

  test("a margin relative to the baseline's mean of 0.2 is a share of it", () => {
    const primary = { ...thresholds().primary, unit: "relative" as const };
    const wide = { ...primary, non_inferiority_margin: 0.1 };
    const narrow = { ...primary, non_inferiority_margin: 0.01 };
    const loss = comparison(interval(-0.019, 0.01));
    expect(gate(report({}), loss, thresholds({ primary: wide })).decision).toBe(
      "ship",
    );
    expect(
      gate(report({}), loss, thresholds({ primary: narrow })).decision,
    ).toBe("hold");
  });

  test("where better is required, not worse is not enough", () => {
    const primary = { ...thresholds().primary, requires: "better" as const };
    const decide = (low: number) =>
      gate(report({}), comparison(interval(low, 0.02)), thresholds({ primary }))
        .decision;
    expect([decide(0.001), decide(0), decide(-0.001)]).toEqual([
      "ship",
      "hold",
      "hold",
    ]);
  });

  test("a difference that cannot be computed holds, and says why", () => {
    const result = gate(report({}), comparison(absent), thresholds());
    expect(result.decision).toBe("hold");
    expect(result.reasons.at(-1)?.because).toBe("not computable: no user");
  });
});

describe("without a baseline", () => {
  test("the thresholds say whether a first release ships", () => {
    const decide = (without_baseline: "ship" | "hold") =>
      gate(report({}), null, thresholds({ without_baseline })).decision;
    expect([decide("ship"), decide("hold")]).toEqual(["ship", "hold"]);
  });

  test("nothing ships that was not measured", () => {
    expect(gate(report({ ndcg: absent }), null, thresholds()).decision).toBe(
      "hold",
    );
  });

  test("guardrails against the baseline have nothing to say", () => {
    const guardrails = [
      {
        metric: "mean_popularity",
        non_inferiority_margin: 0,
        unit: "absolute" as const,
      },
    ];
    expect(gate(report({}), null, thresholds({ guardrails })).decision).toBe(
      "ship",
    );
  });
});

describe("guardrails", () => {
  test.each([
    [{ metric: "ndcg@10", at_least: 0.18 }, "ship"],
    [{ metric: "ndcg@10", at_least: 0.2 }, "hold"],
    [{ metric: "ndcg@10", at_least: 0.23 }, "fail"],
    [{ metric: "ndcg@10", at_most: 0.22 }, "ship"],
    [{ metric: "ndcg@10", at_most: 0.2 }, "hold"],
    [{ metric: "ndcg@10", at_most: 0.17 }, "fail"],
    [{ metric: "mean_popularity", at_most: 50 }, "ship"],
    [{ metric: "mean_popularity", at_most: 49.9 }, "fail"],
    [{ metric: "ndcg_binary@10", at_least: 0.18 }, "ship"],
    [{ metric: "recall@10", at_least: 0 }, "hold"],
  ] as const)("%o: %s", (guardrail, decision) => {
    const guardrails = [guardrail];
    expect(gate(report({}), same, thresholds({ guardrails })).decision).toBe(
      decision,
    );
  });

  test("turn around where lower is better: popularity may rise by a tenth", () => {
    const guardrails = [
      {
        metric: "mean_popularity",
        non_inferiority_margin: 0.1,
        unit: "relative" as const,
      },
    ];
    const decide = (candidate: number) =>
      gate(
        report({}),
        comparison(interval(0, 0), { candidate, baseline: 50 }),
        thresholds({ guardrails }),
      ).decision;
    expect([decide(40), decide(55), decide(56)]).toEqual([
      "ship",
      "ship",
      "fail",
    ]);
  });

  test("that name no metric are an error, not a pass", () => {
    const guardrails = [{ metric: "happiness", at_least: 1 }];
    expect(() => gate(report({}), same, thresholds({ guardrails }))).toThrow(
      "there is no metric happiness",
    );
  });
});

describe("evidence", () => {
  test("from too few users holds, however good it looks", () => {
    const great = comparison(interval(0.1, 0.2));
    expect(gate(report({ users: 499 }), great, thresholds()).decision).toBe(
      "hold",
    );
    expect(
      gate(report({}), great, thresholds({ min_users: 901 })).decision,
    ).toBe("hold");
  });

  test("from leaking data fails, a warning does not", () => {
    const leaking = report({ quality: "fail" });
    expect(gate(leaking, same, thresholds()).decision).toBe("fail");
    expect(gate(report({ quality: "warn" }), same, thresholds()).decision).toBe(
      "ship",
    );
  });

  test("is all listed, not only what decided", () => {
    const guardrails = [{ metric: "ndcg@10", at_least: 0.5 }];
    const { reasons } = gate(
      report({ users: 1, quality: "fail" }),
      same,
      thresholds({ guardrails }),
    );
    expect(reasons.map(({ part, outcome }) => `${part} ${outcome}`)).toEqual([
      "quality fail",
      "users hold",
      "guardrail fail",
      "primary pass",
    ]);
  });
});

describe("an earlier report, whose users are others, decides by both intervals", () => {
  const earlier = report({ ndcg: interval(0.18, 0.22) });
  const judged = (ndcg: ComputedInterval, undecided: "pass" | "hold") =>
    judgeAgainstReport(report({ ndcg }), earlier, {
      metric: "ndcg@10",
      non_inferiority_margin: 0.5,
      unit: "relative",
      undecided,
    }).outcome;

  // The mean was 0.2, so 0.1 may be lost: fail below 0.18 - 0.1, pass above 0.22 - 0.1.
  test.each([
    { low: 0.06, high: 0.079, outcome: "fail" },
    { low: 0.06, high: 0.081, outcome: "hold" },
    { low: 0.119, high: 0.3, outcome: "hold" },
    { low: 0.121, high: 0.3, outcome: "pass" },
  ])("$low to $high: $outcome", ({ low, high, outcome }) => {
    expect(judged(interval(low, high), "hold")).toBe(outcome);
  });

  test("what stays undecided passes where the policy says so", () => {
    expect(judged(interval(0.06, 0.081), "pass")).toBe("pass");
    expect(judged(interval(0.06, 0.079), "pass")).toBe("fail");
    expect(judged(absent, "pass")).toBe("pass");
    expect(judged(absent, "hold")).toBe("hold");
  });
});

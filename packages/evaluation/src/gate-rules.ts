import type {
  ComputedInterval,
  GateReason,
  GateThresholds,
  Guardrail,
  RunComparison,
} from "@recsys/contracts";
import {
  measuredGain,
  measuredInterval,
  unpairedGain,
  type Gain,
  type GatedReport,
  type MarginRule,
} from "./gate-evidence.ts";

type Finding = Pick<GateReason, "outcome" | "because">;

/** The primary metric against the baseline; without one, what the thresholds say of a first release. */
export function judgePrimary(
  report: GatedReport,
  comparison: RunComparison | null,
  { primary, without_baseline }: GateThresholds,
): GateReason {
  const subject = { part: "primary", subject: primary.metric } as const;
  if (comparison === null) {
    const interval = measuredInterval(report, primary.metric);
    return { ...subject, ...judgeFirst(interval, without_baseline) };
  }
  const gain = measuredGain(comparison, primary);
  const verdict = judgeGain(gain);
  if (primary.requires === "non-inferior" || verdict.outcome !== "pass") {
    return { ...subject, ...verdict };
  }
  return { ...subject, ...judgeBetter(gain.interval) };
}

/**
 * A metric against that of an earlier report. Where the intervals do not
 * decide, or there are none, `undecided` does.
 */
export function judgeAgainstReport(
  report: GatedReport,
  earlier: GatedReport,
  rule: MarginRule & { readonly undecided: "pass" | "hold" },
): GateReason {
  const verdict = judgeGain(unpairedGain(report, earlier, rule));
  return {
    part: "guardrail",
    subject: `${rule.metric} of the earlier report`,
    because: verdict.because,
    outcome: verdict.outcome === "hold" ? rule.undecided : verdict.outcome,
  };
}

/** One guardrail: a floor, a ceiling, or not worse than the baseline by more than a margin. */
export function judgeGuardrail(
  guardrail: Guardrail,
  report: GatedReport,
  comparison: RunComparison | null,
): GateReason {
  const subject = { part: "guardrail", subject: guardrail.metric } as const;
  if ("non_inferiority_margin" in guardrail) {
    if (comparison === null) {
      const because = "nothing is live to compare with";
      return { ...subject, outcome: "pass", because };
    }
    const gain = measuredGain(comparison, guardrail);
    return { ...subject, ...judgeGain(gain) };
  }
  const interval = measuredInterval(report, guardrail.metric);
  const finding =
    "at_least" in guardrail
      ? judgeFloor(interval, guardrail.at_least)
      : judgeCeiling(interval, guardrail.at_most);
  return { ...subject, ...finding };
}

function judgeFirst(
  interval: ComputedInterval,
  rule: "ship" | "hold",
): Finding {
  if (interval.kind === "not-computable") return unknown(interval.because);
  return {
    outcome: rule === "ship" ? "pass" : "hold",
    because: `nothing is live to compare with; it is ${show(interval)}`,
  };
}

function judgeGain({ interval, margin }: Gain): Finding {
  if (interval.kind === "not-computable") return unknown(interval.because);
  if (margin.kind === "not-computable") return unknown(margin.because);
  const facts = `the gain over the baseline is ${show(interval)}, the margin ${digits(margin.value)}`;
  if (interval.low >= -margin.value) {
    return { outcome: "pass", because: `not worse: ${facts}` };
  }
  if (interval.high < -margin.value) {
    return { outcome: "fail", because: `worse: ${facts}` };
  }
  return { outcome: "hold", because: `undecided: ${facts}` };
}

function judgeBetter(interval: ComputedInterval): Finding {
  if (interval.kind === "not-computable") return unknown(interval.because);
  const facts = `the gain over the baseline is ${show(interval)}`;
  if (interval.low > 0) return { outcome: "pass", because: `better: ${facts}` };
  return { outcome: "hold", because: `not shown to be better: ${facts}` };
}

function judgeFloor(interval: ComputedInterval, floor: number): Finding {
  if (interval.kind === "not-computable") return unknown(interval.because);
  const facts = `it is ${show(interval)}, at least ${digits(floor)} is asked`;
  if (interval.low >= floor) return { outcome: "pass", because: facts };
  const outcome = interval.high < floor ? "fail" : "hold";
  return { outcome, because: facts };
}

function judgeCeiling(interval: ComputedInterval, ceiling: number): Finding {
  if (interval.kind === "not-computable") return unknown(interval.because);
  const facts = `it is ${show(interval)}, at most ${digits(ceiling)} is asked`;
  if (interval.high <= ceiling) return { outcome: "pass", because: facts };
  const outcome = interval.low > ceiling ? "fail" : "hold";
  return { outcome, because: facts };
}

/** What cannot be computed neither passes nor fails. */
function unknown(because: string): Finding {
  return { outcome: "hold", because: `not computable: ${because}` };
}

function show(interval: { readonly low: number; readonly high: number }) {
  if (interval.low === interval.high) return digits(interval.low);
  return `${digits(interval.low)} to ${digits(interval.high)}`;
}

function digits(value: number): string {
  return value.toFixed(4);
}

import type {
  GateDecision,
  GateReason,
  GateThresholds,
  RunComparison,
} from "@recsys/contracts";
import type { GatedReport } from "./gate-evidence.ts";
import { judgeGuardrail, judgePrimary } from "./gate-rules.ts";

const EXIT_CODES = { ship: 0, hold: 2, fail: 3 } as const;

/**
 * Decides whether a candidate may ship, from intervals and declared margins,
 * never from point estimates: fail when something is surely bad, hold when
 * the evidence does not suffice, ship otherwise. All reasons are returned.
 * `comparison` null: nothing is live to compare with. Throws for thresholds
 * that name a metric in no known form.
 */
export function gate(
  report: GatedReport,
  comparison: RunComparison | null,
  thresholds: GateThresholds,
): GateDecision {
  const reasons = [
    ...judgeQuality(report),
    judgeUsers(report, comparison, thresholds.min_users),
    ...thresholds.guardrails.map((guardrail) =>
      judgeGuardrail(guardrail, report, comparison),
    ),
    judgePrimary(report, comparison, thresholds),
  ];
  return decisionOf(reasons);
}

/** The worst of the reasons decides. */
export function decisionOf(reasons: GateReason[]): GateDecision {
  const decision = worst(reasons);
  return { decision, exit_code: EXIT_CODES[decision], reasons };
}

function worst(reasons: readonly GateReason[]): GateDecision["decision"] {
  if (reasons.some(({ outcome }) => outcome === "fail")) return "fail";
  if (reasons.some(({ outcome }) => outcome === "hold")) return "hold";
  return "ship";
}

function judgeQuality({ quality }: GatedReport): GateReason[] {
  return quality
    .filter(({ outcome }) => outcome !== "warn")
    .map(({ name, outcome, detail }) => ({
      part: "quality",
      outcome: outcome === "fail" ? "fail" : "pass",
      subject: name,
      because: detail,
    }));
}

function judgeUsers(
  { users }: GatedReport,
  comparison: RunComparison | null,
  minUsers: number,
): GateReason {
  const paired = comparison?.users_paired ?? users.scored;
  const enough = Math.min(users.scored, paired);
  return {
    part: "users",
    outcome: enough >= minUsers ? "pass" : "hold",
    subject: "min_users",
    because: `${enough} users are scored${comparison === null ? "" : " in both runs"}; ${minUsers} are needed`,
  };
}

import {
  isVetoed,
  unmetClauses,
  type ActiveRoles,
  type Approval,
} from "./approvals.ts";
import type { Change, ChangeCommand, ChangeState } from "./change.ts";
import type { ApprovalPolicy, Clause } from "./policy.ts";
import type { Refusal, UnmetGate } from "./refusal.ts";

/** What is true at the moment of the decision, read in the transaction that will act on it. */
export interface ChangeFacts {
  readonly policy: ApprovalPolicy;
  /** Version that is live now; null when there is none. */
  readonly liveVersion: number | null;
  readonly approvals: readonly Approval[];
  readonly activeRoles: ActiveRoles;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What happened to a Change, for audit and outbox. */
export interface ChangeEvent {
  readonly type: `change.${Exclude<ChangeState, "proposed">}`;
  readonly changeId: string;
  readonly policy: string;
  readonly at: number;
}

/** The Change as it now is; with a refusal when the command did not achieve what it asks. */
export type ChangeDecision =
  | {
      readonly ok: true;
      readonly change: Change;
      readonly events: readonly ChangeEvent[];
    }
  | {
      readonly ok: false;
      readonly change: Change;
      readonly events: readonly ChangeEvent[];
      readonly refusal: Refusal;
    };

/**
 * Whether a Change may take its next step. A newer live version supersedes it
 * and a veto refuses it, both for good; missing approvals leave it open.
 * `apply` asks everything again: what was approved once may have changed.
 */
export function decide(
  change: Change,
  command: ChangeCommand,
  facts: ChangeFacts,
): ChangeDecision {
  switch (change.state) {
    case "applied":
    case "superseded":
    case "refused":
      return refuse(change, [closed(change)]);
    case "approved":
    case "proposed": {
      const gates = unmetGates(change, facts);
      if (gates.length === 0) {
        return step(
          change,
          command === "apply" ? "applied" : "approved",
          facts,
        );
      }
      return refuseOpen(change, gates, facts);
    }
  }
}

function refuseOpen(
  change: Change,
  gates: readonly UnmetGate[],
  facts: ChangeFacts,
): ChangeDecision {
  const has = (gate: UnmetGate["gate"]) =>
    gates.some((each) => each.gate === gate);
  const refusal = { gates };
  if (has("not-vetoed")) {
    return { ...step(change, "refused", facts), ok: false, refusal };
  }
  if (has("base-is-live")) {
    return { ...step(change, "superseded", facts), ok: false, refusal };
  }
  const open: Change = { ...change, state: "proposed" };
  return { ok: false, change: open, events: [], refusal };
}

function step(
  change: Change,
  state: Exclude<ChangeState, "proposed">,
  facts: ChangeFacts,
): Extract<ChangeDecision, { ok: true }> {
  const event: ChangeEvent = {
    type: `change.${state}`,
    changeId: change.changeId,
    policy: facts.policy.name,
    at: facts.now,
  };
  const events = state === change.state ? [] : [event];
  return { ok: true, change: { ...change, state }, events };
}

function refuse(change: Change, gates: readonly UnmetGate[]): ChangeDecision {
  return { ok: false, change, events: [], refusal: { gates } };
}

function unmetGates(change: Change, facts: ChangeFacts): UnmetGate[] {
  const gates: UnmetGate[] = [];
  if (isVetoed(change, facts.approvals)) gates.push(vetoed());
  if (change.baseVersion !== facts.liveVersion) {
    gates.push(outdated(change, facts));
  }
  const missing = unmetClauses(change, facts.policy, facts);
  return [...gates, ...missing.map(missingApproval)];
}

function closed(change: Change): UnmetGate {
  return {
    gate: "change-open",
    because: `the change is ${change.state} already`,
    satisfiableBy: ["author"],
    call: "propose a new change",
  };
}

function vetoed(): UnmetGate {
  return {
    gate: "not-vetoed",
    because: "somebody vetoed this content",
    satisfiableBy: ["author"],
    call: "propose a change with other content",
  };
}

function outdated(change: Change, { liveVersion }: ChangeFacts): UnmetGate {
  const seen = change.baseVersion ?? "none";
  return {
    gate: "base-is-live",
    because: `version ${liveVersion ?? "none"} is live, the change was made for ${seen}`,
    satisfiableBy: ["author"],
    call: "read the live version and propose the change for it",
  };
}

function missingApproval(clause: Clause): UnmetGate {
  const roles = clause.anyOf.join(" or ");
  return {
    gate: "approvals",
    because: `${clause.id}: ${clause.required} approval of ${roles} is needed`,
    satisfiableBy: clause.anyOf,
    call: "approve the change",
  };
}

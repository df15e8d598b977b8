export type { ActiveRoles, Approval } from "./approvals.ts";
export {
  CHANGE_COMMANDS,
  CHANGE_STATES,
  type Change,
  type ChangeCommand,
  type ChangeState,
} from "./change.ts";
export {
  decide,
  type ChangeDecision,
  type ChangeEvent,
  type ChangeFacts,
} from "./decide.ts";
export { AUTO_POLICY, type ApprovalPolicy, type Clause } from "./policy.ts";
export type { Refusal, UnmetGate } from "./refusal.ts";

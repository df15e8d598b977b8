import { TASK_STATES } from "@recsys/contracts";
import type { ModerationStep, ModerationTask } from "@recsys/store";
import Type from "typebox";
import { closed, toTime } from "../shapes.ts";

export const TaskParams = closed({ task_id: Type.String({ format: "uuid" }) });

export const TaskStateField = Type.Union(
  TASK_STATES.map((state) => Type.Literal(state)),
);

export const Task = Type.Object({
  task_id: Type.String(),
  item_id: Type.String(),
  label: Type.String(),
  state: TaskStateField,
  reports: Type.Integer(),
  opened_at: Type.String(),
  changed_at: Type.String(),
  decided_by: Type.Union([Type.String(), Type.Null()]),
  expires_at: Type.Union([Type.String(), Type.Null()]),
});

export function toTask(task: ModerationTask): object {
  return {
    task_id: task.taskId,
    item_id: task.itemId,
    label: task.label,
    state: task.state,
    reports: task.reports,
    opened_at: toTime(task.openedAt),
    changed_at: toTime(task.changedAt),
    decided_by: task.decidedBy,
    expires_at: toTime(task.expiresAt),
  };
}

export function toStep(step: ModerationStep): object {
  return {
    at: toTime(step.at),
    step: step.step,
    actor: step.actor,
    note: step.note,
    request_id: step.decisionId,
  };
}

import {
  ApiError,
  Timestamp,
  type DecidedLabel,
  type RuleSet,
} from "@recsys/contracts";
import { findTask, moveTask, type ModerationTask } from "@recsys/store";
import Type, { type Static } from "typebox";
import { editDocument } from "../../admin/documents.ts";
import type { Caller } from "../../auth/authenticate.ts";
import { jsonRoute } from "../../http/route.ts";
import { toMoment } from "../../ingest/moment.ts";
import { closed, toTime } from "../shapes.ts";
import { Task, TaskParams, toTask } from "./shapes.ts";

const Decision = closed({
  decision: Type.Union([Type.Literal("upheld"), Type.Literal("rejected")]),
  reason: Type.String({ minLength: 1, maxLength: 500 }),
  expires_at: Type.Optional(Timestamp),
});

/** POST /v1/moderation/tasks/:task_id/decision */
export const decideTaskRoute = jsonRoute({
  name: "decideModerationTask",
  method: "POST",
  url: "/v1/moderation/tasks/:task_id/decision",
  permission: "moderation:decide",
  tag: "moderation",
  summary:
    "Decide a report or an appeal: upheld gives the item the label from now to its expiry, wherever the policy asks for it; rejected leaves or takes it.",
  params: TaskParams,
  body: Decision,
  answer: Task,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, params, body }) => {
    const now = context.clock();
    const expiresAt = expiryIn(body, now);
    const found = await context.store.inTenant(caller.tenant, (tx) =>
      findTask(tx, params.task_id),
    );
    if (found === null) throw new ApiError("NOT_FOUND");
    const { namespace } = found.task;
    let task = found.task;
    await editDocument<RuleSet>(
      context,
      { caller, namespace, pointer: "rules", reason: body.reason },
      async (live, tx) => {
        task = await moveTask(tx, params.task_id, {
          step: body.decision === "upheld" ? "uphold" : "reject",
          actor: caller.principal.id,
          note: body.reason,
          expiresAt,
        });
        const others = (live.labels ?? []).filter(
          ({ task_id, expires_at }) =>
            task_id !== task.taskId && Date.parse(expires_at) > now,
        );
        const made = labelOf(task, { caller, reason: body.reason, now });
        return { ...live, labels: [...others, ...made] };
      },
    );
    return { body: toTask(task) };
  },
});

/** Unix milliseconds; null for what is rejected. Throws INVALID_REQUEST where a label would never end or never begin. */
function expiryIn(
  { decision, expires_at: text }: Static<typeof Decision>,
  now: number,
): number | null {
  const refuse = (code: string, message: string) =>
    new ApiError("INVALID_REQUEST", {
      errors: [{ path: "/expires_at", code, message }],
    });
  if (decision === "rejected") {
    if (text === undefined) return null;
    throw refuse("unused", "has no meaning for a rejection");
  }
  if (text === undefined) {
    throw refuse("required", "is needed: labels end, and are decided again");
  }
  const expiresAt = toMoment(text);
  if (expiresAt > now) return expiresAt;
  throw refuse("time", "must be a moment in the future");
}

function labelOf(
  task: ModerationTask,
  by: {
    readonly caller: Caller;
    readonly reason: string;
    readonly now: number;
  },
): DecidedLabel[] {
  if (task.expiresAt === null) return [];
  return [
    {
      id: `label-${task.taskId}`,
      item_id: task.itemId,
      label: task.label,
      task_id: task.taskId,
      decided_by: by.caller.principal.id,
      reason: by.reason,
      decided_at: toTime(by.now),
      expires_at: toTime(task.expiresAt),
    },
  ];
}

import { moveTask } from "@recsys/store";
import Type from "typebox";
import { jsonRoute } from "../../http/route.ts";
import { closed } from "../shapes.ts";
import { Task, TaskParams, toTask } from "./shapes.ts";

/** POST /v1/moderation/tasks/:task_id/appeal */
export const appealTaskRoute = jsonRoute({
  name: "appealModerationTask",
  method: "POST",
  url: "/v1/moderation/tasks/:task_id/appeal",
  permission: "reports:write",
  tag: "moderation",
  summary:
    "Ask for another look at a decision, once; the label stays until the appeal is decided, by somebody else.",
  params: TaskParams,
  body: closed({ note: Type.String({ minLength: 1, maxLength: 2000 }) }),
  answer: Task,
  errors: ["NOT_FOUND", "VERSION_CONFLICT"],
  isCreating: true,
  handle: async ({ context, caller, params, body }) => {
    const task = await context.store.inTenant(caller.tenant, (tx) =>
      moveTask(tx, params.task_id, {
        step: "appeal",
        actor: caller.principal.id,
        note: body.note,
        expiresAt: null,
      }),
    );
    return { body: toTask(task) };
  },
});

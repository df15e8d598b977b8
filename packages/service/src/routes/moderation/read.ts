import { ApiError } from "@recsys/contracts";
import { findTask } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { Task, TaskParams, toStep, toTask } from "./shapes.ts";

/** GET /v1/moderation/tasks/:task_id */
export const readTaskRoute = readRoute({
  name: "readModerationTask",
  method: "GET",
  url: "/v1/moderation/tasks/:task_id",
  permission: "moderation:read",
  tag: "moderation",
  summary: "One reported item with every step: who did what and why.",
  params: TaskParams,
  answer: Type.Object({
    task: Task,
    steps: Type.Array(Type.Object({ step: Type.String() })),
  }),
  errors: ["NOT_FOUND"],
  handle: async ({ context, caller, params }) => {
    const found = await context.store.inTenant(caller.tenant, (tx) =>
      findTask(tx, params.task_id),
    );
    if (found === null) throw new ApiError("NOT_FOUND");
    const { task, steps } = found;
    return { body: { task: toTask(task), steps: steps.map(toStep) } };
  },
});

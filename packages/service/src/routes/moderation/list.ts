import { EntityId, LabelName } from "@recsys/contracts";
import { listTasks } from "@recsys/store";
import Type from "typebox";
import { readRoute } from "../../http/route.ts";
import { given, namespaceIn, PAGE_FIELDS, pageIn, queryOf } from "../shapes.ts";
import { Task, TaskStateField, toTask } from "./shapes.ts";

/** GET /v1/moderation/tasks */
export const listTasksRoute = readRoute({
  name: "listModerationTasks",
  method: "GET",
  url: "/v1/moderation/tasks",
  permission: "moderation:read",
  tag: "moderation",
  summary: "Reported items and how they were decided, newest first.",
  query: queryOf({
    ...PAGE_FIELDS,
    state: Type.Optional(TaskStateField),
    item_id: Type.Optional(EntityId),
    label: Type.Optional(LabelName),
  }),
  answer: Type.Object({
    items: Type.Array(Task),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  }),
  handle: async ({ context, caller, query }) => {
    const { state, label, item_id: itemId } = query;
    const page = await context.store.inTenant(caller.tenant, (tx) =>
      listTasks(tx, namespaceIn(query), {
        ...pageIn(query),
        filter: given({ state, label, itemId }),
      }),
    );
    return {
      body: { items: page.rows.map(toTask), next_cursor: page.next },
    };
  },
});

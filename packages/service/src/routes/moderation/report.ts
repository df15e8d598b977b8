import { ApiError, ItemReport } from "@recsys/contracts";
import { reportItem } from "@recsys/store";
import { jsonRoute } from "../../http/route.ts";
import { namespaceIn, queryOf } from "../shapes.ts";
import { Task, toTask } from "./shapes.ts";

/** POST /v1/reports */
export const reportItemRoute = jsonRoute({
  name: "reportItem",
  method: "POST",
  url: "/v1/reports",
  permission: "reports:write",
  tag: "moderation",
  summary:
    "Say that an item breaks the policy: opens a moderation task, or counts with the one that is open for the item and the label.",
  query: queryOf({}),
  body: ItemReport,
  answer: Task,
  answerStatus: 201,
  errors: ["ITEM_UNKNOWN"],
  isCreating: true,
  handle: async ({ context, caller, query, body }) => {
    const { tenant } = caller;
    const namespace = namespaceIn(query);
    const { loaded } = await context.snapshots.ensure(tenant, namespace);
    const { catalogue, config } = loaded.snapshot;
    if (!Object.hasOwn(config.policy_labels?.labels ?? {}, body.label)) {
      throw new ApiError("INVALID_REQUEST", {
        errors: [
          {
            path: "/label",
            code: "unknown_label",
            message: `there is no label ${body.label} in the section policy_labels`,
          },
        ],
      });
    }
    if (
      (catalogue.items[catalogue.positionOf(body.item_id)] ?? null) === null
    ) {
      throw new ApiError("ITEM_UNKNOWN");
    }
    const task = await context.store.inTenant(tenant, (tx) =>
      reportItem(tx, namespace, {
        itemId: body.item_id,
        label: body.label,
        actor: caller.principal.id,
        note: body.note ?? null,
        decisionId: body.request_id ?? null,
      }),
    );
    return { status: 201, body: toTask(task) };
  },
});

import type { Warning } from "@recsys/contracts";
import { findDecision } from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { hasTagOf } from "../http/request-id.ts";
import { within } from "../within.ts";

/** Items that earlier answers showed. */
export interface ShownItems {
  readonly ids: readonly string[];
  readonly warnings: readonly Warning[];
}

/** What the named answers showed: from memory, else by one indexed read each within the budget, else a warning. */
export async function readShown(
  context: ServiceContext,
  tenant: string,
  asked: { readonly requestIds: readonly string[]; readonly budgetMs: number },
): Promise<ShownItems> {
  const slates = await Promise.all(
    asked.requestIds.map(async (id) => ({
      id,
      items: await slateOf(context, tenant, { id, budgetMs: asked.budgetMs }),
    })),
  );
  return {
    ids: slates.flatMap(({ items }) => items ?? []),
    warnings: slates.flatMap(({ id, items }) =>
      items === null
        ? [
            {
              code: "REQUEST_ID_UNKNOWN",
              detail: `The answer ${id} could not be looked up in time, so its items may repeat.`,
            },
          ]
        : [],
    ),
  };
}

async function slateOf(
  context: ServiceContext,
  tenant: string,
  asked: { readonly id: string; readonly budgetMs: number },
): Promise<readonly string[] | null> {
  const id = asked.id.toLowerCase();
  if (!hasTagOf(id, tenant)) return null;
  const remembered = context.slates.find(tenant, id);
  if (remembered !== undefined) return remembered;
  const read = await within(
    context.store.inTenant(tenant, (tx) => findDecision(tx, id)),
    asked.budgetMs,
  );
  if (!read.ok || read.value === null) return null;
  return read.value.record.slate.map((item) => item.item_id);
}

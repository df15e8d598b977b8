import { randomUUID } from "node:crypto";
import {
  appendEvents,
  deleteEvents,
  deleteItems,
  deleteUsers,
  listEvents,
  listItems,
  upsertItems,
  type TenantTx,
} from "@recsys/store";
import type { ServiceContext } from "../context.ts";
import { identities } from "../ingest/subjects.ts";

/** What a probe found: each step and whether it held. */
export interface ProbeResult {
  readonly ok: boolean;
  readonly steps: readonly { readonly step: string; readonly ok: boolean }[];
}

/** Namespace that only probes write to. */
const PROBE_NAMESPACE = "probe";

/** Writes an item and an event, reads both back, and removes them: the path of an upload, without a trace. */
export async function probeUpload(
  context: ServiceContext,
  tenant: string,
): Promise<ProbeResult> {
  const { secret } = await context.tenants.get(tenant);
  const id = `probe-${randomUUID()}`;
  const user = identities(secret).make("user", id);
  const { store } = context;
  await store.inTenant(tenant, (tx) => write(tx, id, user));
  const read = await store.inTenant(tenant, (tx) => readBack(tx, id));
  await store.inTenant(tenant, async (tx) => {
    await deleteEvents(tx, PROBE_NAMESPACE, { itemId: id });
    await deleteItems(tx, PROBE_NAMESPACE, { ids: [id] });
    await deleteUsers(tx, PROBE_NAMESPACE, { pseudonyms: [user.pseudonym] });
  });
  const left = await store.inTenant(tenant, (tx) => readBack(tx, id));
  const steps = [
    { step: "write", ok: true },
    { step: "read_item", ok: read.items === 1 },
    { step: "read_event", ok: read.events === 1 },
    { step: "remove", ok: left.items === 0 && left.events === 0 },
  ];
  return { ok: steps.every((one) => one.ok), steps };
}

async function write(
  tx: TenantTx,
  id: string,
  subject: ReturnType<ReturnType<typeof identities>["make"]>,
): Promise<void> {
  await upsertItems(tx, PROBE_NAMESPACE, [
    { row: 0, input: { item_id: id, available: false } },
  ]);
  await appendEvents(tx, PROBE_NAMESPACE, {
    rows: [{ row: 0, subject, type: "view", itemId: id, eventId: id }],
    lateAfterMs: Infinity,
  });
}

async function readBack(
  tx: TenantTx,
  id: string,
): Promise<{ readonly items: number; readonly events: number }> {
  const items = await listItems(tx, PROBE_NAMESPACE, {
    limit: 2,
    filter: { ids: [id] },
  });
  const events = await listEvents(tx, PROBE_NAMESPACE, {
    limit: 2,
    filter: { itemId: id },
  });
  return { items: items.rows.length, events: events.rows.length };
}

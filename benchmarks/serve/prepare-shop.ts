import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_NAMESPACE } from "@recsys/contracts";
import { JOBS, runPipeline } from "@recsys/pipelines";
import { keyDigest, pseudonymOf, type CompleteConfig } from "@recsys/service";
import {
  appendEvents,
  createTenant,
  findTenant,
  issueKey,
  pointer,
  upsertItems,
  type ObjectStore,
  type Store,
  type Tenant,
} from "@recsys/store";
import { generatedEvents, generatedItems, SHOP } from "./generated-shop.ts";

const TENANT = "bench";
const BATCH = 5_000;

interface Workplace {
  readonly store: Store;
  readonly config: CompleteConfig;
  readonly objectsFor: (tenant: Tenant) => ObjectStore;
  readonly note: (line: string) => void;
}

/** Loads and trains the generated shop once; gives a fresh key for it. */
export async function prepareShop(place: Workplace): Promise<string> {
  const { store } = place;
  const found = await store.tenantless((db) => findTenant(db, TENANT));
  const tenant =
    found ??
    (await store.tenantless((db) =>
      createTenant(db, {
        tenantId: TENANT,
        name: "Generated shop",
        servingMode: "artifact",
      }),
    ));
  const live = await store.inTenant(TENANT, (tx) =>
    pointer(tx, DEFAULT_NAMESPACE, "manifest"),
  );
  if (live === null) {
    await timed(place, "loaded", () => loadOnce(place, tenant));
    await timed(place, "trained", () => train(place, tenant));
  }
  const key = `rk_${randomBytes(24).toString("base64url")}`;
  await store.tenantless((db) =>
    issueKey(db, {
      tenant: TENANT,
      role: "operator",
      name: "benchmark",
      digest: keyDigest(place.config.apiKeyHashSecret, key),
    }),
  );
  return key;
}

async function timed(
  { note }: Workplace,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  const start = performance.now();
  await work();
  note(`${what} in ${Math.round((performance.now() - start) / 1000)} s`);
}

/** The marker spares a broken preparation the minutes that loading takes. */
async function loadOnce(place: Workplace, tenant: Tenant): Promise<void> {
  const marker = join(place.config.home, `loaded-${SHOP.seed}`);
  if (existsSync(marker)) return;
  await loadItems(place);
  await loadEvents(place, tenant);
  writeFileSync(marker, "");
}

async function loadItems({ store, note }: Workplace): Promise<void> {
  let loaded = 0;
  for (const batch of batches(generatedItems())) {
    const rows = batch.map((input, row) => ({ row, input }));
    await store.inTenant(TENANT, (tx) =>
      upsertItems(tx, DEFAULT_NAMESPACE, rows),
    );
    loaded += batch.length;
  }
  note(`items: ${loaded}`);
}

async function loadEvents(place: Workplace, tenant: Tenant): Promise<void> {
  let loaded = 0;
  for (const batch of batches(generatedEvents(Date.now()))) {
    const rows = batch.map((event, row) => ({
      row,
      subject: {
        kind: "user" as const,
        pseudonym: pseudonymOf(tenant.secret, "user", event.user_id ?? ""),
        externalId: event.user_id ?? "",
      },
      type: event.type,
      itemId: event.item_id,
      eventId: event.event_id ?? null,
      orderId: event.order_id ?? null,
      ts: Date.parse(event.ts ?? ""),
    }));
    await place.store.inTenant(TENANT, (tx) =>
      appendEvents(tx, DEFAULT_NAMESPACE, {
        rows,
        lateAfterMs: Number.MAX_SAFE_INTEGER,
      }),
    );
    loaded += batch.length;
    if (loaded % 200_000 === 0) place.note(`events: ${loaded}`);
  }
}

/**
 * The speed of an answer depends on the size of the artifacts and not on how
 * good they are: one sweep is enough, and nothing is evaluated.
 */
async function train(place: Workplace, tenant: Tenant): Promise<void> {
  const result = await runPipeline({
    store: place.store,
    objects: place.objectsFor(tenant),
    home: place.config.home,
    tenant: TENANT,
    namespace: DEFAULT_NAMESPACE,
    asOf: Date.now(),
    trigger: "bench",
    jobs: JOBS.map(({ name }) => name).filter((name) => name !== "evaluate"),
    parameters: { signals: { ials: { sweeps: 1 } } },
    onProgress: ({ job, outcome }) => {
      if (outcome !== undefined) place.note(`trained: ${job}`);
    },
  });
  if (result.manifest === null)
    throw new Error("the training published nothing");
}

function* batches<T>(rows: Iterable<T>): Generator<T[]> {
  let batch: T[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

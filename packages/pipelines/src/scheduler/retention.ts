import { DAY_MS, messageOf, MINUTE_MS } from "@recsys/contracts";
import {
  claimDue,
  compactItemChanges,
  deleteExpired,
  deleteOldEvents,
  deleteOldWork,
  dropOldDays,
  failObligation,
  learned,
  listCatalogues,
  listObligations,
  scheduleObligation,
  type ClaimedObligation,
  type Store,
  type TenantTx,
} from "@recsys/store";

/** Kind of the obligation to delete what a tenant need not keep any longer. */
const RETENTION = "retention";
const SUBJECT = "daily";

/** Days from receipt for which rows are kept. */
export interface RetentionDays {
  readonly events: number;
  /** Decisions, and what the catalogue was when they were made; of all tenants alike, as `feedback`. */
  readonly decisions: number;
  /** Exposures and outcomes. */
  readonly feedback: number;
}

export interface RetentionOptions {
  readonly store: Store;
  /** Name of the worker, for people who look. */
  readonly worker: string;
  readonly clock: () => number;
  readonly days: RetentionDays;
  /** Rows of one transaction; 5,000 unless said. */
  readonly batchRows?: number;
}

export interface EndedRetention {
  readonly tenant: string;
  /** Rows that went. */
  readonly rows: number;
  /** Whole days of decisions, exposures and outcomes that went. */
  readonly days: number;
  readonly error: unknown;
  readonly nextDueAt: number;
}

const LEASE_SECONDS = 300;
const BATCH_ROWS = 5_000;
/** Then others that are due have their turn, and this goes on at the next look. */
const BATCHES_A_TURN = 20;
/** Finished uploads and runs tell of their time for so long. */
const WORK_DAYS = 90;
/** A turn that failed is tried again after minutes that double, and after a day at the latest. */
const RETRY_MS = MINUTE_MS;

/** Gives a tenant that has none its daily duty, due at once. */
export async function ensureRetention(
  store: Store,
  tenant: string,
  now: number,
): Promise<void> {
  await store.inTenant(tenant, async (tx) => {
    const present = await listObligations(tx, RETENTION);
    if (present.length === 0) await setDue(tx, now);
  });
}

/** Does the duty of one tenant where it is due, and sets its next time. Any number of workers may do this at once. */
export async function workOffRetention(
  options: RetentionOptions,
): Promise<EndedRetention | null> {
  const { store, worker } = options;
  const [claim] = await claimDue(store, {
    worker,
    limit: 1,
    leaseSeconds: LEASE_SECONDS,
    kinds: [RETENTION],
  });
  if (claim === undefined) return null;
  const { tenant } = claim;
  try {
    const days = await dropDays(options, tenant);
    const { rows, isAll } = await deleteRows(options, tenant);
    const nextDueAt = options.clock() + (isAll ? DAY_MS : 0);
    await store.inTenant(tenant, (tx) => setDue(tx, nextDueAt));
    return { tenant, rows, days, error: null, nextDueAt };
  } catch (error) {
    const nextDueAt = await retryLater(options, claim, error);
    return { tenant, rows: 0, days: 0, error, nextDueAt };
  }
}

function setDue(tx: TenantTx, dueAt: number): Promise<void> {
  return scheduleObligation(tx, {
    kind: RETENTION,
    subject: SUBJECT,
    dueAt,
    payload: {},
  });
}

async function dropDays(
  { store, days }: RetentionOptions,
  tenant: string,
): Promise<number> {
  let dropped = 0;
  for (const [table, kept] of [
    ["decisions", days.decisions],
    ["exposures", days.feedback],
    ["outcomes", days.feedback],
  ] as const) {
    dropped += await store.inTenant(tenant, (tx) =>
      dropOldDays(tx, table, kept),
    );
  }
  return dropped;
}

async function deleteRows(
  { store, days, batchRows = BATCH_ROWS }: RetentionOptions,
  tenant: string,
): Promise<{ readonly rows: number; readonly isAll: boolean }> {
  const inTenant = <T>(work: (tx: TenantTx) => Promise<T>) =>
    store.inTenant(tenant, work);
  let rows = await inTenant((tx) => deleteOldWork(tx, WORK_DAYS));
  rows += await inTenant((tx) => learned.compact(tx, days.decisions + 1));
  for (const namespace of await inTenant(listCatalogues)) {
    // Decisions go by whole days, so some are a day older.
    rows += await inTenant((tx) =>
      compactItemChanges(tx, namespace, days.decisions + 1),
    );
  }
  for (let batch = 0; batch < BATCHES_A_TURN; batch++) {
    const expired = await inTenant((tx) => deleteExpired(tx, batchRows));
    const events = await inTenant((tx) =>
      deleteOldEvents(tx, { days: days.events, limit: batchRows }),
    );
    if (expired + events === 0) return { rows, isAll: true };
    rows += expired + events;
  }
  return { rows, isAll: false };
}

async function retryLater(
  { store, clock }: RetentionOptions,
  claim: ClaimedObligation,
  error: unknown,
): Promise<number> {
  const wait = Math.min(RETRY_MS * 2 ** Math.min(claim.attempt, 10), DAY_MS);
  const retryAt = clock() + wait;
  await store.inTenant(claim.tenant, (tx) =>
    failObligation(tx, claim, { retryAt, error: messageOf(error) }),
  );
  return retryAt;
}

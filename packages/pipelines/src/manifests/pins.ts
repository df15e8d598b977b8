import {
  cancelObligation,
  claimDue,
  completeObligation,
  listObligations,
  scheduleObligation,
  type Store,
  type TenantTx,
} from "@recsys/store";

/** A pin is the obligation to let go: it ends at a time, and who set it is on record. */
const PIN = "manifest-unpin";

export interface Pin {
  readonly namespace: string;
  /** Hash of the manifest. */
  readonly hash: string;
  readonly owner: string;
  /** Unix milliseconds. */
  readonly until: number;
}

/** Keeps all that a manifest names until a time, whatever its age. */
export async function pinManifest(tx: TenantTx, pin: Pin): Promise<void> {
  await scheduleObligation(tx, {
    kind: PIN,
    subject: `${pin.namespace}:${pin.hash}`,
    dueAt: pin.until,
    payload: pin,
  });
}

export async function unpinManifest(
  tx: TenantTx,
  namespace: string,
  hash: string,
): Promise<void> {
  await cancelObligation(tx, PIN, `${namespace}:${hash}`);
}

/** A worker that stops between claim and end leaves the pins to the next one after this. */
const LEASE_SECONDS = 60;

/** Lets go of at most `limit` pins of all tenants whose time has come; any number of workers may do this at once. */
export async function releaseExpiredPins(
  store: Store,
  worker: string,
  limit = 100,
): Promise<void> {
  const claims = await claimDue(store, {
    worker,
    limit,
    leaseSeconds: LEASE_SECONDS,
    kinds: [PIN],
  });
  for (const claim of claims) {
    await store.inTenant(claim.tenant, (tx) => completeObligation(tx, claim));
  }
}

/** Pins of all namespaces that have not been let go. */
export async function listPins(tx: TenantTx): Promise<readonly Pin[]> {
  const all = await listObligations(tx, PIN);
  return all
    .filter(({ state }) => state === "open")
    .map(({ payload }) => payload as Pin);
}

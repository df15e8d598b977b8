import {
  cancelObligation,
  listObligations,
  scheduleObligation,
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

/** Pins of all namespaces that have not been let go. */
export async function listPins(tx: TenantTx): Promise<readonly Pin[]> {
  const all = await listObligations(tx, PIN);
  return all
    .filter(({ state }) => state === "open")
    .map(({ payload }) => payload as Pin);
}

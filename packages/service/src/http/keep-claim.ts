import {
  CLAIM_SECONDS,
  renewClaim,
  type KeyedRequest,
  type Store,
} from "@recsys/store";

/** A claim that this process works under. */
export interface HeldClaim {
  readonly store: Store;
  readonly tenant: string;
  readonly request: KeyedRequest;
  readonly holder: string;
}

/** Work that hangs must not keep its key for ever: a claim is renewed for half an hour. */
const PACE = { everyMs: (CLAIM_SECONDS * 1000) / 3, most: 90 };

/**
 * Renews a claim until the returned function is called, the claim is lost, or
 * it was renewed `most` times. One renewal that fails is made up for by the next.
 */
export function keepClaim(
  { store, tenant, request, holder }: HeldClaim,
  pace: { readonly everyMs: number; readonly most: number } = PACE,
): () => void {
  let renewals = 0;
  let isRenewing = false;
  const renew = async () => {
    isRenewing = true;
    const isOurs = await store
      .inTenant(tenant, (tx) => renewClaim(tx, request, holder))
      .catch(() => true);
    isRenewing = false;
    if (!isOurs || ++renewals >= pace.most) clearInterval(timer);
  };
  const timer = setInterval(() => {
    if (!isRenewing) void renew();
  }, pace.everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

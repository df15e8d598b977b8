import { ApiError } from "@recsys/contracts";
import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";
import { ensurePeople, pseudonymsOf, type Identity } from "./people.ts";
import { announceUsers } from "./user-changes.ts";

export interface MergeResult {
  /** False when both were one person already: a repeated merge changes nothing. */
  readonly merged: boolean;
  readonly userKey: string;
  readonly bucketKey: string;
  readonly eventsMoved: number;
  /** Exposures that were made under the bucket that is no longer used. */
  readonly exposuresContaminated: number;
}

interface LockedPerson {
  readonly pseudonym: string;
  readonly userKey: string;
  readonly bucketKey: string;
  readonly bucketSince: number;
}

/**
 * Makes everything that an anonymous visitor did the user's. The older of the
 * two buckets stays; exposures and decisions under the other are marked
 * contaminated. Throws ALREADY_EXISTS when the visitor is another user already.
 */
export async function mergePeople(
  tx: TenantTx,
  namespace: string,
  pair: { readonly anonymous: Identity; readonly user: Identity },
): Promise<MergeResult> {
  // Locked before missing rows are made: writers of events lock in the same order.
  await lockForMerge(tx, namespace, pair);
  await ensurePeople(tx, namespace, [pair.anonymous, pair.user]);
  const locked = await lockForMerge(tx, namespace, pair);
  const visitor = locked.get(pair.anonymous.pseudonym);
  const user = locked.get(pair.user.pseudonym);
  if (visitor === undefined || user === undefined) {
    throw new Error("a person vanished while locked");
  }
  if (visitor.userKey === user.userKey) {
    return {
      merged: false,
      userKey: user.userKey,
      bucketKey: user.bucketKey,
      eventsMoved: 0,
      exposuresContaminated: 0,
    };
  }
  await refuseSecondUser(tx, namespace, visitor.userKey);
  const [kept, dropped] =
    visitor.bucketSince < user.bucketSince ? [visitor, user] : [user, visitor];
  const exposuresContaminated = await contaminate(
    tx,
    namespace,
    dropped.userKey,
  );
  const keys = { from: visitor.userKey, to: user.userKey };
  await repointPeople(tx, namespace, { ...keys, bucket: kept });
  const eventsMoved = await moveRows(tx, namespace, keys);
  await announceUsers(
    tx,
    namespace,
    await pseudonymsOf(tx, namespace, [user.userKey]),
  );
  return {
    merged: true,
    userKey: user.userKey,
    bucketKey: kept.bucketKey,
    eventsMoved,
    exposuresContaminated,
  };
}

async function lockForMerge(
  tx: TenantTx,
  namespace: string,
  pair: { readonly anonymous: Identity; readonly user: Identity },
): Promise<Map<string, LockedPerson>> {
  const found = await sql<LockedPerson>`
    select p.pseudonym, p.user_key as "userKey", p.bucket_key as "bucketKey",
           date_part('epoch', p.bucket_since) as "bucketSince"
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.pseudonym in (${pair.anonymous.pseudonym}, ${pair.user.pseudonym})
     order by p.pseudonym
       for update`.execute(tx.db);
  return new Map(found.rows.map((row) => [row.pseudonym, row]));
}

/** A device that several people sign in on belongs to the first of them. */
async function refuseSecondUser(
  tx: TenantTx,
  namespace: string,
  visitorKey: string,
): Promise<void> {
  const taken = await sql`
    select 1
      from public.people p
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.user_key = ${visitorKey} and p.kind = 'user'`.execute(tx.db);
  if (taken.rows.length > 0) {
    throw new ApiError("ALREADY_EXISTS", {
      detail: "This anonymous_id was merged into another user before.",
    });
  }
}

async function contaminate(
  tx: TenantTx,
  namespace: string,
  userKey: string,
): Promise<number> {
  await sql`
    update public.decisions set contaminated = true
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and user_key = ${userKey} and not contaminated`.execute(tx.db);
  const marked = await sql`
    update public.exposures set contaminated = true
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and user_key = ${userKey} and not contaminated`.execute(tx.db);
  return Number(marked.numAffectedRows ?? 0);
}

async function repointPeople(
  tx: TenantTx,
  namespace: string,
  move: {
    readonly from: string;
    readonly to: string;
    readonly bucket: LockedPerson;
  },
): Promise<void> {
  await sql`
    update public.people p
       set user_key = ${move.to}, bucket_key = b.bucket_key,
           bucket_since = b.bucket_since
      from (select k.bucket_key, k.bucket_since
              from public.people k
             where k.tenant_id = ${tx.tenant} and k.namespace = ${namespace}
               and k.pseudonym = ${move.bucket.pseudonym}) b
     where p.tenant_id = ${tx.tenant} and p.namespace = ${namespace}
       and p.user_key in (${move.from}, ${move.to})`.execute(tx.db);
}

/** Returns how many events moved; each gets a new seq, so that its day counts as changed. */
async function moveRows(
  tx: TenantTx,
  namespace: string,
  keys: { readonly from: string; readonly to: string },
): Promise<number> {
  const moved = await sql`
    update public.events
       set user_key = ${keys.to}, seq = nextval('public.event_seq')
     where tenant_id = ${tx.tenant} and namespace = ${namespace}
       and user_key = ${keys.from}`.execute(tx.db);
  for (const table of ["exposures", "outcomes", "decisions"] as const) {
    await sql`
      update ${sql.table(`public.${table}`)} set user_key = ${keys.to}
       where tenant_id = ${tx.tenant} and namespace = ${namespace}
         and user_key = ${keys.from}`.execute(tx.db);
  }
  return Number(moved.numAffectedRows ?? 0);
}

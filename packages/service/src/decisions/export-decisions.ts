import type { ExportedDecision } from "@recsys/contracts";
import { listDecisions, type DecisionFilter, type Store } from "@recsys/store";
import { exportHash } from "../auth/pseudonym.ts";

/** Which decisions an export holds, and what hashes their people. */
export interface DecisionExport {
  readonly tenant: string;
  readonly namespace: string;
  readonly filter: DecisionFilter;
  readonly salt: string;
}

/** Few, because a decision with its sample may have a megabyte. */
const PAGE = 100;

/** Every decision that matches, newest first, page by page, so that an export of any length needs little memory. */
export async function* exportDecisions(
  store: Store,
  { tenant, namespace, filter, salt }: DecisionExport,
): AsyncGenerator<ExportedDecision> {
  let after: { readonly cursor?: string } = {};
  for (;;) {
    const page = await store.inTenant(tenant, (tx) =>
      listDecisions(tx, namespace, { ...after, limit: PAGE, filter }),
    );
    for (const { record, userKey, ...row } of page.rows) {
      const subject =
        userKey === null ? null : exportHash(salt, tenant, userKey);
      yield {
        record: { ...record, subject },
        decidedAt: row.receivedAt,
        shippedAt: row.shippedAt,
        contaminated: row.contaminated,
      };
    }
    if (page.next === null) return;
    after = { cursor: page.next };
  }
}

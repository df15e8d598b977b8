import { sql } from "kysely";
import type { TenantTx } from "../database/store.ts";

/**
 * Deletes every row of a person and remembers the key, so that a restored
 * backup forgets them again. Returns the number of rows deleted.
 */
export async function erasePerson(
  tx: TenantTx,
  namespace: string,
  userKey: string,
): Promise<number> {
  const { rows } = await sql<{ gone: number }>`
    select recsys.erase_person(${namespace}, ${userKey}::uuid) as gone`.execute(
    tx.db,
  );
  return rows[0]?.gone ?? 0;
}

import pg from "pg";
import { columnTypes } from "../database/column-types.ts";
import { becomeOwner } from "../database/roles.ts";

/** Runs work as the owner of the schema, in one transaction. */
export async function asOwner<T>(
  ownerUrl: string,
  begin: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    types: columnTypes,
  });
  await client.connect();
  try {
    await becomeOwner(client);
    await client.query(begin);
    const result = await work(client);
    await client.query("commit");
    return result;
  } finally {
    // Without a commit the end of the connection rolls back.
    await client.end();
  }
}

/** The schema of a database as its ledger records it. */
export async function readSchemaVersion(
  client: pg.Client,
): Promise<{ name: string; checksum: string }[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    "select name, checksum from public.recsys_migrations order by number",
  );
  return rows;
}

export interface TableShape {
  readonly table: string;
  readonly columns: string[];
}

/** All tables but the ledger, in the order in which the migrations made them. */
export async function readTables(client: pg.Client): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(`
    select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition and c.relname <> 'recsys_migrations'
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by c.oid, c.relname order by c.oid`);
  return rows;
}

export function columnList(client: pg.Client, table: TableShape): string {
  return table.columns.map((c) => client.escapeIdentifier(c)).join(", ");
}

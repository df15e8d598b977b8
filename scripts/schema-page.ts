import pg from "pg";

export const SCHEMA_PAGE = "docs/reference/database-schema.md";

interface TableRow {
  readonly name: string;
  readonly kind: "table" | "view";
  readonly comment: string | null;
  readonly forced: boolean;
  readonly partitioned: boolean;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly nullable: boolean;
    readonly comment: string | null;
  }[];
}

/** The page of tables and views as a migrated database describes itself. */
export async function schemaPage(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<TableRow>(TABLES);
    return render(rows);
  } finally {
    await client.end();
  }
}

const TABLES = `
  select c.relname as name,
         case c.relkind when 'v' then 'view' else 'table' end as kind,
         obj_description(c.oid) as comment,
         c.relforcerowsecurity as forced,
         c.relkind = 'p' as partitioned,
         (select json_agg(json_build_object(
                   'name', a.attname,
                   'type', format_type(a.atttypid, a.atttypmod),
                   'nullable', not a.attnotnull,
                   'comment', col_description(c.oid, a.attnum)) order by a.attnum)
            from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind in ('r', 'p', 'v') and not c.relispartition
   order by c.relname collate "C"`;

function render(tables: readonly TableRow[]): string {
  const sections = tables.map((table) => {
    const marks = [
      table.kind,
      ...(table.partitioned ? ["partitioned"] : []),
      ...(table.forced ? ["row-level security forced"] : []),
    ].join(", ");
    const columns = table.columns.map(
      ({ name, type, nullable, comment }) =>
        `| \`${name}\` | ${type} | ${nullable ? "yes" : ""} | ${comment ?? ""} |`,
    );
    return [
      `## ${table.name}`,
      "",
      `${table.comment === null ? "" : `${table.comment}. `}(${marks})`,
      "",
      "| Column | Type | Null | Meaning |",
      "| --- | --- | --- | --- |",
      ...columns,
      "",
    ].join("\n");
  });
  return [
    "# Database schema",
    "",
    "<!-- Generated from a migrated database by `npm run docs`. -->",
    "",
    "Tables of a tenant carry `tenant_id` and force row-level security: a session sees the tenant that its transaction set, and nothing when none is set. Read decisions through the view [`rec_decisions`](#rec_decisions), whose columns are stable.",
    "",
    ...sections,
  ].join("\n");
}

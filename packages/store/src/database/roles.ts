import type pg from "pg";
import { sqlState } from "./sql-state.ts";

interface Login {
  readonly name: string;
  readonly super: boolean;
  readonly maycreate: boolean;
}

/** The group that the grants of the migrations are for. */
export const APP_ROLE = "recsys_app";

/**
 * Who gets the grants where the group does not exist and the owner may not
 * make it: the owner of the database, whatever its name. Once there is the
 * group, `handOverGrants` gives it what was granted here.
 */
const STAND_IN = "pg_database_owner";

const INSUFFICIENT_PRIVILEGE = "42501";

export function isForbidden(error: unknown): boolean {
  return sqlState(error) === INSUFFICIENT_PRIVILEGE;
}

/**
 * Makes the session act as the owner of the schema. A superuser never owns
 * it: functions with the owner's rights would then pass by row-level
 * security. A login that may not make roles is the owner itself.
 */
export async function becomeOwner(client: pg.Client): Promise<void> {
  const login = await currentLogin(client);
  await ensureRoles(client, login);
  if (login.name === "recsys_owner" || !(await mayBecomeOwner(client, login))) {
    return;
  }
  await grantDatabase(client);
  await client.query("set role recsys_owner");
}

/** The role that grants are for in this database: the group, or who stands in for it. */
export async function granteeOf(client: pg.Client): Promise<string> {
  return (await hasRole(client, APP_ROLE)) ? APP_ROLE : STAND_IN;
}

/** Makes the roles that are missing, if the login may make any. */
export async function ensureRoles(
  client: pg.Client,
  login?: Login,
): Promise<void> {
  const { super: isSuper, maycreate } = login ?? (await currentLogin(client));
  if (!isSuper && !maycreate) return;
  await ensureRole(client, APP_ROLE);
  await ensureRole(client, "recsys_owner");
}

/** Gives the group what the migrations had granted to its stand-in. */
export async function handOverGrants(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ right: string }>(STAND_IN_RIGHTS);
  if (rows.length === 0) return;
  await client.query(
    [
      "begin",
      `grant usage on schema public to ${APP_ROLE}`,
      ...rows.flatMap(({ right }) => [
        `grant ${right} to ${APP_ROLE}`,
        `revoke ${right} from ${STAND_IN}`,
      ]),
      "commit",
    ].join(";\n"),
  );
}

/** What the owner of the schema granted to the stand-in, as `<privilege> on <object>`. */
const STAND_IN_RIGHTS = `
  with here as (select oid from pg_namespace where nspname in ('public', 'recsys')),
  granted as (
    select format('%s on %s %s', a.privilege_type,
             case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass) as "right", a.*
      from pg_class c, aclexplode(c.relacl) a where c.relnamespace in (select oid from here)
    union all
    select format('%s (%I) on table %s', a.privilege_type, t.attname, c.oid::regclass), a.*
      from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a
      where c.relnamespace in (select oid from here)
    union all
    select format('%s on routine %s', a.privilege_type, p.oid::regprocedure), a.*
      from pg_proc p, aclexplode(p.proacl) a where p.pronamespace in (select oid from here)
    union all
    select format('%s on schema %I', a.privilege_type, n.nspname), a.*
      from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'recsys')
  select "right" from granted
    where grantee = '${STAND_IN}'::regrole
      and grantor = (select relowner from pg_class where oid = to_regclass('public.recsys_migrations'))
      and pg_has_role(grantor, 'usage')`;

async function mayBecomeOwner(
  client: pg.Client,
  login: Login,
): Promise<boolean> {
  if (login.super) return true;
  if (!(await hasRole(client, "recsys_owner"))) return false;
  if (login.maycreate) await joinOwners(client, login);
  const { rows } = await client.query<{ may: boolean }>(
    "select pg_has_role('recsys_owner', 'member') as may",
  );
  return rows[0]?.may === true;
}

async function joinOwners(client: pg.Client, login: Login): Promise<void> {
  try {
    await client.query(
      `grant recsys_owner to ${client.escapeIdentifier(login.name)}`,
    );
  } catch (error) {
    // Another administrator's role, since Postgres 16: it is no owner here.
    if (!isForbidden(error)) throw error;
  }
}

/** The owner needs to make schemas in the database and tables in `public`. */
async function grantDatabase(client: pg.Client): Promise<void> {
  const grantee = await granteeOf(client);
  const { rows } = await client.query<{ name: string; done: boolean }>(
    `select d as name, has_database_privilege('recsys_owner', d, 'create')
             and has_schema_privilege('recsys_owner', 'public', 'create with grant option')
             and has_database_privilege($1, d, 'connect') as done
      from current_database() as d`,
    [grantee],
  );
  if (rows[0]?.done === true) return;
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`
    grant create, connect, temporary on database ${database} to recsys_owner;
    grant usage, create on schema public to recsys_owner with grant option;
    grant connect, temporary on database ${database} to ${grantee}`);
}

async function currentLogin(client: pg.Client): Promise<Login> {
  const { rows } = await client.query<Login>(
    `select rolname as name, rolsuper as super, rolcreaterole as maycreate
       from pg_roles where rolname = session_user`,
  );
  const [login] = rows;
  if (login === undefined) throw new Error("the login has no role");
  return login;
}

async function ensureRole(client: pg.Client, role: string): Promise<void> {
  if (await hasRole(client, role)) return;
  try {
    await client.query(`create role ${role} nologin`);
  } catch (error) {
    // Roles belong to the whole server: another database may have made it meanwhile.
    if (!(await hasRole(client, role))) throw error;
  }
}

export async function hasRole(
  client: pg.Client,
  role: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from pg_roles where rolname = $1",
    [role],
  );
  return rowCount !== 0;
}

import type pg from "pg";
import { MigrationError } from "../migrate/migration-error.ts";

interface Login {
  readonly name: string;
  readonly super: boolean;
  readonly maycreate: boolean;
}

/**
 * Makes the session act as the owner of the schema. A superuser never owns
 * it: functions with the owner's rights would then pass by row-level
 * security. A login that may not make roles is the owner itself. Both roles
 * are made where they are missing and the login may.
 */
export async function becomeOwner(client: pg.Client): Promise<void> {
  const login = await currentLogin(client);
  if (login.super || login.maycreate) {
    await ensureRole(client, "recsys_app");
    if (login.name !== "recsys_owner") await ensureRole(client, "recsys_owner");
  } else if (!(await hasRole(client, "recsys_app"))) {
    throw new MigrationError(
      "NO_RIGHTS",
      `There is no role recsys_app and ${login.name} may not make it: create it, or migrate once with a login that may create roles.`,
    );
  }
  if (login.name === "recsys_owner" || !(await mayBecomeOwner(client, login))) {
    return;
  }
  await grantDatabase(client);
  await client.query("set role recsys_owner");
}

async function mayBecomeOwner(
  client: pg.Client,
  login: Login,
): Promise<boolean> {
  if (!(await hasRole(client, "recsys_owner"))) return false;
  if (login.super) return true;
  if (login.maycreate) {
    await client.query(
      `grant recsys_owner to ${client.escapeIdentifier(login.name)}`,
    );
  }
  const { rows } = await client.query<{ may: boolean }>(
    "select pg_has_role('recsys_owner', 'member') as may",
  );
  return rows[0]?.may === true;
}

/** The owner needs to make schemas in the database and tables in `public`. */
async function grantDatabase(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "select current_database() as name",
  );
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(
    `grant create, connect, temporary on database ${database} to recsys_owner`,
  );
  await client.query(
    "grant usage, create on schema public to recsys_owner with grant option",
  );
  await client.query(
    `grant connect, temporary on database ${database} to recsys_app`,
  );
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
    await client.query(`create role ${role} nologin nosuperuser`);
  } catch (error) {
    // Roles belong to the whole server: another database may have made it meanwhile.
    if (!(await hasRole(client, role))) throw error;
  }
}

async function hasRole(client: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from pg_roles where rolname = $1",
    [role],
  );
  return rowCount !== 0;
}

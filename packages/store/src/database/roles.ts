import pg from "pg";
import { DatabaseError } from "./database-error.ts";

interface Login {
  readonly name: string;
  readonly super: boolean;
  readonly maycreate: boolean;
}

/** Serialises what concerns the whole server rather than one database. */
const ROLE_LOCK = 0x7265_6372;

/**
 * Makes sure that the runtime login may use the schema: it is `recsys_app`
 * itself, with a password if one is given, or a member of it. Throws
 * DatabaseError NO_RIGHTS when the owner's login may not arrange that.
 */
export async function prepareRoles(
  ownerUrl: string,
  app: { readonly login: string; readonly password: string | null },
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [ROLE_LOCK]);
    await ensureRoles(client, await currentLogin(client));
    if (app.password !== null) {
      const password = client.escapeLiteral(app.password);
      await client.query(`alter role recsys_app login password ${password}`);
    } else if (!(await isMember(client, app.login))) {
      await client.query(
        `grant recsys_app to ${client.escapeIdentifier(app.login)}`,
      );
    }
  } catch (error) {
    throw asNoRights(error);
  } finally {
    await client.end();
  }
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

async function ensureRoles(client: pg.Client, login: Login): Promise<void> {
  if (login.super || login.maycreate) {
    await ensureRole(client, "recsys_app");
    await ensureRole(client, "recsys_owner");
  } else if (!(await hasRole(client, "recsys_app"))) {
    throw new DatabaseError(
      "NO_RIGHTS",
      `There is no role recsys_app and ${login.name} may not make it: create it (\`create role recsys_app\`), or give a DATABASE_MIGRATE_URL whose login may.`,
    );
  }
}

async function mayBecomeOwner(
  client: pg.Client,
  login: Login,
): Promise<boolean> {
  if (login.super) return true;
  if (!(await hasRole(client, "recsys_owner"))) return false;
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
  const { rows } = await client.query<{ name: string; done: boolean }>(`
    select d as name, has_database_privilege('recsys_owner', d, 'create')
             and has_schema_privilege('recsys_owner', 'public', 'create with grant option')
             and has_database_privilege('recsys_app', d, 'connect') as done
      from current_database() as d`);
  if (rows[0]?.done === true) return;
  const database = client.escapeIdentifier(rows[0]?.name ?? "");
  await client.query(`
    grant create, connect, temporary on database ${database} to recsys_owner;
    grant usage, create on schema public to recsys_owner with grant option;
    grant connect, temporary on database ${database} to recsys_app`);
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

async function hasRole(client: pg.Client, role: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from pg_roles where rolname = $1",
    [role],
  );
  return rowCount !== 0;
}

async function isMember(client: pg.Client, login: string): Promise<boolean> {
  const { rows } = await client.query<{ member: boolean }>(
    "select pg_has_role($1, 'recsys_app', 'member') as member",
    [login],
  );
  return rows[0]?.member === true;
}

/** Insufficient privilege, in words. */
function asNoRights(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error && error.code === "42501")) {
    return error;
  }
  return new DatabaseError(
    "NO_RIGHTS",
    `The login of the database may not prepare the role recsys_app (${error.message}): do it by hand (\`create role recsys_app\`, \`grant recsys_app to <your login>\`), or give a DATABASE_MIGRATE_URL whose login may.`,
    error,
  );
}

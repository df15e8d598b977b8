import { createHash, createHmac } from "node:crypto";
import pg from "pg";
import {
  APP_ROLE,
  ensureRoles,
  handOverGrants,
  hasRole,
  isForbidden,
} from "./roles.ts";

/** Whom the application logs in as; with a password, a login that the product makes itself. */
export interface RuntimeLogin {
  readonly name: string;
  readonly password: string | null;
}

/** Serialises the processes that prepare one database. */
const ROLE_LOCK = 0x7265_6372;

/**
 * Makes sure that the runtime login exists, if it is the product's own, and is
 * a member of recsys_app; false when the owner's login may not arrange that.
 * No existing password is changed: logins belong to the whole server.
 */
export async function prepareLogin(
  ownerUrl: string,
  login: RuntimeLogin,
): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [ROLE_LOCK]);
    await ensureRoles(client);
    if (!(await hasRole(client, APP_ROLE))) return false;
    await handOverGrants(client);
    await join(client, login);
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

async function join(client: pg.Client, login: RuntimeLogin): Promise<void> {
  const name = client.escapeIdentifier(login.name);
  if (login.password !== null && !(await hasRole(client, login.name))) {
    const password = client.escapeLiteral(login.password);
    await client.query(
      `create role ${name} login password ${password} in role ${APP_ROLE}`,
    );
    return;
  }
  const { rows } = await client.query<{ member: boolean }>(
    "select pg_has_role($1, $2, 'member') as member",
    [login.name, APP_ROLE],
  );
  if (rows[0]?.member !== true) {
    await client.query(`grant ${APP_ROLE} to ${name}`);
  }
}

/** The login of development's own for one database and one login of DATABASE_URL. */
export function ownLogin(databaseUrl: string): RuntimeLogin {
  const { pathname, username, password } = new URL(databaseUrl);
  const name = `${APP_ROLE}_${createHash("sha256")
    .update(`${pathname}\n${username}`)
    .digest("hex")
    .slice(0, 8)}`;
  return {
    name,
    password: createHmac("sha256", `${username}:${password}`)
      .update(name)
      .digest("base64url"),
  };
}

/** The same database by another login. */
export function withLogin(databaseUrl: string, login: RuntimeLogin): string {
  const url = new URL(databaseUrl);
  url.username = login.name;
  url.password = login.password ?? "";
  return url.href;
}

/** The URL by which the owner itself serves: its connections see one tenant, like everybody's. */
export function servingUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const others = url.searchParams.get("options") ?? "";
  url.searchParams.set("options", `${others} -c recsys.serving=on`.trim());
  return url.href;
}

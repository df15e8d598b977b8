import { createHmac } from "node:crypto";
import pg from "pg";
import { ADMIN_ROLE } from "./cluster.ts";

const DATABASE_NAME = "recsys";
export const OWNER_ROLE = "recsys_owner";
export const APP_ROLE = "recsys_app";

/** One recorded password, one derived per role: who has the app's has not the owner's. */
function rolePassword(password: string, role: string): string {
  return createHmac("sha256", password).update(role).digest("base64url");
}

/** Connection string of a role on the embedded server. */
export function serverUrl(
  { port, password }: { readonly port: number; readonly password: string },
  role: string,
): string {
  const secret = role === ADMIN_ROLE ? password : rolePassword(password, role);
  return `postgresql://${role}:${secret}@127.0.0.1:${port}/${DATABASE_NAME}`;
}

/**
 * Makes the two roles and the database if they are missing. Throws when the
 * server does not accept the password or serves another directory.
 */
export async function prepareServer(server: {
  readonly port: number;
  readonly password: string;
  readonly directory: string;
}): Promise<void> {
  const client = new pg.Client({
    host: "127.0.0.1",
    port: server.port,
    user: ADMIN_ROLE,
    password: server.password,
    database: "postgres",
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    await requireDirectory(client, server.directory);
    // The embedded owner may make databases, for a restore beside the live one.
    await ensureRole(client, server.password, [OWNER_ROLE, "createdb"]);
    await ensureRole(client, server.password, [APP_ROLE, "nocreatedb"]);
    // So that it can end connections which stand in the way of a restore.
    await client.query(`grant pg_signal_backend to ${OWNER_ROLE}`);
    await ensureDatabase(client);
  } finally {
    await client.end();
  }
}

async function requireDirectory(
  client: pg.Client,
  directory: string,
): Promise<void> {
  const { rows } = await client.query<{ data_directory: string }>(
    "show data_directory",
  );
  if (rows[0]?.data_directory !== directory) {
    throw new Error(`port is taken by a server of another directory`);
  }
}

async function ensureRole(
  client: pg.Client,
  password: string,
  [role, createdb]: readonly [string, string],
): Promise<void> {
  const { rowCount } = await client.query(
    "select 1 from pg_roles where rolname = $1",
    [role],
  );
  const verb = rowCount === 0 ? "create" : "alter";
  const secret = client.escapeLiteral(rolePassword(password, role));
  await client.query(
    `${verb} role ${role} login nosuperuser nobypassrls nocreaterole noreplication ${createdb} password ${secret}`,
  );
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    "select 1 from pg_database where datname = $1",
    [DATABASE_NAME],
  );
  if (rowCount === 0) {
    await client.query(
      `create database ${DATABASE_NAME} owner ${OWNER_ROLE} encoding 'UTF8'`,
    );
    await client.query(`revoke all on database ${DATABASE_NAME} from public`);
    await client.query(
      `grant connect, temporary on database ${DATABASE_NAME} to ${APP_ROLE}`,
    );
  }
}

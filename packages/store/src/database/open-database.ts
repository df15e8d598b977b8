import { messageOf } from "@recsys/contracts";
import pg from "pg";
import { checkMigrations, migrate } from "../migrate/migrate.ts";
import { MigrationError } from "../migrate/migration-error.ts";
import { DatabaseError } from "./database-error.ts";
import { APP_ROLE, isForbidden } from "./roles.ts";
import {
  ownLogin,
  prepareLogin,
  servingUrl,
  withLogin,
} from "./runtime-login.ts";
import { sqlState } from "./sql-state.ts";
import { howToHaveTwo, sqlToJoin } from "./two-logins.ts";

export interface DatabaseUrls {
  /** DATABASE_URL: the application's login. */
  readonly databaseUrl: string;
  /** DATABASE_MIGRATE_URL: the login that owns the schema. */
  readonly migrateUrl?: string;
  /** Production neither makes logins nor accepts one that could pass by row-level security. */
  readonly production: boolean;
  /** Brings the schema up to date first; else it must be. */
  readonly migrate: boolean;
  readonly log: (line: string) => void;
}

/** Connection strings that the product may use. */
export interface OpenedDatabase {
  readonly appUrl: string;
  /** Null in production without DATABASE_MIGRATE_URL: such a process cannot migrate. */
  readonly ownerUrl: string | null;
}

interface LoginFacts {
  readonly name: string;
  readonly super: boolean;
  readonly bypass: boolean;
  readonly maycreate: boolean;
  readonly owns: boolean;
  readonly version: number;
  readonly database: string;
  readonly hasGroup: boolean;
  readonly isMember: boolean;
}

/**
 * Makes an ordinary Postgres (15 or later) ready: roles, schema, and a runtime
 * login that row-level security holds. With one URL, development uses it for
 * the schema and makes the runtime login itself, or serves as the owner where
 * it may not. Throws DatabaseError or MigrationError with a sentence that says
 * what to do.
 */
export async function openDatabaseFromUrls(
  options: DatabaseUrls,
): Promise<OpenedDatabase> {
  const login = await inspect(options.databaseUrl);
  if (options.production) refuseUnsafe(login, options);
  const ownerUrl = options.migrateUrl ?? ownerOf(options, login);
  if (ownerUrl === null) {
    await checkMigrations(options.databaseUrl).catch((error: unknown) => {
      throw withoutOwner(error, { login, migrate: options.migrate });
    });
    return { appUrl: options.databaseUrl, ownerUrl };
  }
  const appUrl = await prepareRuntime(options, { login, ownerUrl });
  if (options.migrate) {
    await migrate(ownerUrl, { log: options.log }).catch((error: unknown) => {
      throw isForbidden(error) ? foreignSchema(error) : error;
    });
  }
  await requireSafe(appUrl, options);
  await checkMigrations(appUrl);
  return { appUrl, ownerUrl };
}

/** The URL to serve with, its login a member of recsys_app or the owner's own. */
async function prepareRuntime(
  options: DatabaseUrls,
  found: { readonly login: LoginFacts; readonly ownerUrl: string },
): Promise<string> {
  const { login, ownerUrl } = found;
  const { databaseUrl } = options;
  const isHarmless = tooMuch(login) === null;
  const runtime = isHarmless
    ? { name: login.name, password: null }
    : ownLogin(databaseUrl);
  if (await prepareLogin(ownerUrl, runtime)) {
    return isHarmless ? databaseUrl : withLogin(databaseUrl, runtime);
  }
  if (isHarmless) {
    throw new DatabaseError(
      "NO_RIGHTS",
      `The login ${login.name} of DATABASE_URL is no member of ${APP_ROLE}, and the one of DATABASE_MIGRATE_URL may not make it one: as an administrator of the server run \`${sqlToJoin(login, login.name)}\`.`,
    );
  }
  if (!mayServeItself(login) || ownerUrl !== databaseUrl) {
    throw new DatabaseError(
      "NO_RIGHTS",
      `The login ${login.name} of DATABASE_URL ${tooMuch(login) ?? ""}, and no other may be made with it to serve with: ${twoLogins(login, options)}.`,
    );
  }
  options.log(
    `serving as ${login.name}, the owner of the schema, because it may make no login for that: row-level security keeps tenants apart, but nothing keeps the service from changing the schema. For two logins, as in production, ${twoLogins(login, options)}.`,
  );
  return servingUrl(databaseUrl);
}

/** The product's own login was made without looking at it: it may be an older one. */
async function requireSafe(
  appUrl: string,
  options: DatabaseUrls,
): Promise<void> {
  if (appUrl === servingUrl(options.databaseUrl)) return;
  const { username } = new URL(appUrl);
  const login = await inspect(appUrl).catch((error: unknown) => {
    const isOwn = appUrl !== options.databaseUrl;
    throw isOwn && isWrongPassword(error) ? foreignLogin(username) : error;
  });
  refuseUnsafe(login, options);
}

function refuseUnsafe(login: LoginFacts, options: DatabaseUrls): void {
  const why = tooMuch(login);
  if (why === null) return;
  throw new DatabaseError(
    "UNSAFE_LOGIN",
    `The login ${login.name} of DATABASE_URL ${why}, so tenants would not be kept apart: ${twoLogins(login, options)}, then run \`recsys migrate up\`.`,
  );
}

/** What a plain login alone cannot do for itself. */
function withoutOwner(
  error: unknown,
  { login, migrate }: { readonly login: LoginFacts; readonly migrate: boolean },
): unknown {
  const name = pg.escapeIdentifier(login.name);
  if (isForbidden(error)) {
    const what = login.isMember
      ? "set DATABASE_MIGRATE_URL to the URL of the owner and run `recsys migrate up`, which hands the rights over"
      : `as an administrator of the server run \`${sqlToJoin(login, login.name)}\``;
    return new DatabaseError(
      "NO_RIGHTS",
      `The login ${login.name} of DATABASE_URL may not read the schema: ${what}.`,
      error,
    );
  }
  const isPending =
    error instanceof MigrationError && error.code === "NOT_MIGRATED";
  if (!isPending || !migrate) return error;
  return new DatabaseError(
    "NO_RIGHTS",
    `The login ${login.name} of DATABASE_URL may not migrate the database: set DATABASE_MIGRATE_URL to the URL of a login that owns it, or, in development, as an administrator of the server run \`alter database ${pg.escapeIdentifier(login.database)} owner to ${name}\`.`,
    error,
  );
}

/** An own login that exists already with a password of somebody else's. */
function foreignLogin(name: string): DatabaseError {
  return new DatabaseError(
    "UNKNOWN_PASSWORD",
    `The login ${name}, which development makes for itself, exists with a password that is not this deployment's; it is left as it is. If nothing else serves with it (the password of DATABASE_URL may have changed since), as an administrator of the server run \`drop role ${name}\`, and start again.`,
  );
}

function foreignSchema(error: unknown): DatabaseError {
  return new DatabaseError(
    "NO_RIGHTS",
    `The schema cannot be migrated (${messageOf(error)}): give the URL of the login that owns its tables as DATABASE_MIGRATE_URL.`,
    error,
  );
}

function isWrongPassword(error: unknown): boolean {
  return (
    error instanceof DatabaseError && sqlState(error.cause) === WRONG_PASSWORD
  );
}

const WRONG_PASSWORD = "28P01";

/** Row-level security holds an owner whom nothing lets pass by it. */
function mayServeItself(login: LoginFacts): boolean {
  return login.owns && !login.super && !login.bypass;
}

function twoLogins(login: LoginFacts, options: DatabaseUrls): string {
  return howToHaveTwo({
    ...login,
    databaseUrl: options.databaseUrl,
    hasOwner: options.migrateUrl !== undefined,
  });
}

function ownerOf(options: DatabaseUrls, login: LoginFacts): string | null {
  return !options.production && tooMuch(login) !== null
    ? options.databaseUrl
    : null;
}

function tooMuch(login: LoginFacts): string | null {
  if (login.super) return "is a superuser";
  if (login.bypass) return "has BYPASSRLS";
  if (login.owns) return "owns the schema or may become its owner";
  if (login.maycreate) return "may create roles";
  return null;
}

async function inspect(url: string): Promise<LoginFacts> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
  });
  try {
    await client.connect();
    const { rows } = await client.query<LoginFacts>(INSPECT);
    const [login] = rows;
    if (login === undefined) throw new Error("the login has no role");
    if (login.version < 150_000) {
      throw new DatabaseError(
        "TOO_OLD",
        `The server is Postgres ${Math.floor(login.version / 10_000)}: version 15 or later is needed.`,
      );
    }
    return login;
  } catch (error) {
    throw unreachable(error, url);
  } finally {
    await client.end().catch(() => undefined); // Already broken; the first error counts.
  }
}

const INSPECT = `
  select r.rolname as name, r.rolsuper as super, r.rolbypassrls as bypass,
         r.rolcreaterole as maycreate, current_database() as database,
         exists (select from pg_roles g where g.rolname = '${APP_ROLE}') as "hasGroup",
         exists (select from pg_roles g where g.rolname = '${APP_ROLE}'
                   and pg_has_role(g.oid, 'member')) as "isMember",
         current_setting('server_version_num')::int as version,
         exists (select from pg_database d where d.datname = current_database()
                   and pg_has_role(d.datdba, 'member'))
         or exists (select from pg_class c where c.relnamespace = 'public'::regnamespace
                   and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member'))
           as owns
    from pg_roles r where r.rolname = session_user`;

function unreachable(error: unknown, url: string): unknown {
  if (error instanceof DatabaseError) return error;
  const { host, pathname } = new URL(url);
  const why = messageOf(error);
  return new DatabaseError(
    "UNREACHABLE",
    `The database ${pathname.slice(1)} on ${host} cannot be used (${why}): check DATABASE_URL and DATABASE_MIGRATE_URL.`,
    error,
  );
}

import { createHmac } from "node:crypto";
import { messageOf } from "@recsys/contracts";
import pg from "pg";
import { checkMigrations, migrate } from "../migrate/migrate.ts";
import { DatabaseError } from "./database-error.ts";
import { prepareRoles } from "./roles.ts";

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
}

/**
 * Makes an ordinary Postgres (15 or later) ready: roles, schema, and a runtime
 * login that row-level security holds. With one URL, development uses it for
 * the schema and makes the runtime login `recsys_app` itself. Throws
 * DatabaseError or MigrationError with a sentence that says what to do.
 */
export async function openDatabaseFromUrls(
  options: DatabaseUrls,
): Promise<OpenedDatabase> {
  const login = await inspect(options.databaseUrl);
  if (options.production) refuseUnsafe(login);
  const ownerUrl = options.migrateUrl ?? ownerOf(options, login);
  if (ownerUrl !== null) {
    const secret = needsLogin(options, login)
      ? appPassword(options.databaseUrl)
      : null;
    await prepareRoles(ownerUrl, {
      login: login.name,
      password: secret,
    });
    if (options.migrate) await migrate(ownerUrl, { log: options.log });
  }
  const appUrl = needsLogin(options, login)
    ? asApp(options.databaseUrl)
    : options.databaseUrl;
  await requireHarmless(appUrl);
  await checkMigrations(appUrl);
  return { appUrl, ownerUrl };
}

/** Throws DatabaseError when a login could pass by row-level security or change the schema. */
export async function requireHarmless(appUrl: string): Promise<void> {
  refuseUnsafe(await inspect(appUrl));
}

function refuseUnsafe(login: LoginFacts): void {
  const why = tooMuch(login);
  if (why === null) return;
  throw new DatabaseError(
    "UNSAFE_LOGIN",
    `The login ${login.name} of DATABASE_URL ${why}, so tenants would not be kept apart: use a login that is a plain member of recsys_app, and give this one as DATABASE_MIGRATE_URL.`,
  );
}

function ownerOf(options: DatabaseUrls, login: LoginFacts): string | null {
  return !options.production && tooMuch(login) !== null
    ? options.databaseUrl
    : null;
}

/** One URL with an owner's rights in development: the runtime gets a login of its own. */
function needsLogin(options: DatabaseUrls, login: LoginFacts): boolean {
  return !options.production && tooMuch(login) !== null;
}

function tooMuch(login: LoginFacts): string | null {
  if (login.super) return "is a superuser";
  if (login.bypass) return "has BYPASSRLS";
  if (login.owns) return "owns the schema or may become its owner";
  if (login.maycreate) return "may create roles";
  return null;
}

/**
 * Password of the login that development makes: the same for every process
 * with the same URL, and known only to those who know that.
 */
function appPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const secret = `${url.username}:${url.password}@${url.host}`;
  return createHmac("sha256", secret).update("recsys_app").digest("base64url");
}

function asApp(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.username = "recsys_app";
  url.password = appPassword(databaseUrl);
  return url.href;
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
         r.rolcreaterole as maycreate,
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

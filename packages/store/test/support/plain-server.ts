import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "../../src/index.ts";
import { type Joined, ServerHome, query } from "./server-home.ts";

/** A Postgres of somebody's own: a superuser, and nothing of the product. */
export class PlainServer {
  readonly #home = new ServerHome();
  #server: Joined | undefined;

  async start(): Promise<void> {
    this.#server = await this.#home.join();
  }

  async stop(): Promise<void> {
    await this.#server?.leave();
    await this.#home.remove();
  }

  /** A fresh database as its superuser sees it. */
  async newDatabase(): Promise<string> {
    const name = `d${randomBytes(4).toString("hex")}`;
    await query(this.#urlOf("postgres"), `create database ${name}`);
    return this.#urlOf(name);
  }

  /** Drops every database, and every role but the superuser; who granted goes after who was granted. */
  async empty(): Promise<void> {
    const url = this.#urlOf("postgres");
    const drop = async (rows: string) => {
      const statements = (await query(url, rows)) as { drop: string }[];
      for (const statement of statements) await query(url, statement.drop);
    };
    await drop(`select format('drop database %I with (force)', datname) as drop
      from pg_database where datname <> 'postgres' and not datistemplate`);
    await drop(`select format('drop role %I', rolname) as drop
      from pg_roles where rolname !~ '^pg_' and rolname <> session_user
      order by rolname ~ '^recsys_' desc, rolname desc`);
  }

  #urlOf(database: string): string {
    const { password, port } = JSON.parse(
      readFileSync(join(this.#home.path, "server.json"), "utf8"),
    ) as { password: string; port: number };
    return `postgresql://recsys_admin:${password}@127.0.0.1:${port}/${database}`;
  }
}

/** Makes a login with the password `secret`; resolves to its connection string. */
export async function createLogin(
  superUrl: string,
  role: string,
  rights = "",
): Promise<string> {
  await query(
    superUrl,
    `create role ${role} login password 'secret' ${rights}`,
  );
  return loginAs(superUrl, role);
}

export function loginAs(superUrl: string, role: string): string {
  const url = new URL(superUrl);
  url.username = role;
  url.password = "secret";
  return url.href;
}

/** Makes a login own the database. */
export async function giveDatabase(
  superUrl: string,
  role: string,
): Promise<void> {
  const name = new URL(superUrl).pathname.slice(1);
  await query(superUrl, `alter database ${name} owner to ${role}`);
}

/** Runs work on a store of its own. */
export async function onStore<T>(
  appUrl: string,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const store = openStore({ appUrl, max: 2 });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What a message says to run and to set, taken literally. */
export function instructions(message: string) {
  const sql = /run `([^`]+)`/.exec(message)?.[1] ?? "";
  const databaseUrl = /DATABASE_URL=(\S+?),? /.exec(message)?.[1] ?? "";
  return { sql, databaseUrl };
}

/** The error by which something fails. */
export const failureOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => "it did not fail",
    (reason: unknown) => reason,
  );
  return error as Error & { readonly code: string };
};

import { ApiError, toError } from "@recsys/contracts";
import { Kysely, PostgresDialect, type Transaction, sql } from "kysely";
import pg from "pg";
import type { Schema } from "../schema.ts";
import { columnTypes } from "./column-types.ts";
import { type Listener, type ListenOptions, listen } from "./listen.ts";
import { dropWhenSilent } from "./silence.ts";

/** A transaction that sees and writes one tenant's rows only. */
export interface TenantTx {
  readonly db: Transaction<Schema>;
  readonly tenant: string;
}

/** The database as one process uses it. */
export interface Store {
  /** Runs work in one transaction of a tenant; an error rolls it back. */
  inTenant<T>(tenant: string, work: (tx: TenantTx) => Promise<T>): Promise<T>;
  /** Runs work outside any tenant: only the tenantless tables show rows. */
  tenantless<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T>;
  /** Like `inTenant` on the plain driver, for cursors, binary values and streams. */
  withClient<T>(
    tenant: string,
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<T>;
  /** Hears NOTIFY on a connection of its own, which is replaced when it is lost. */
  listen(channel: string, options: ListenOptions): Promise<Listener>;
  /** Opens the connections that are kept, and lets each do one statement that it is to know already. */
  warmUp(work: (db: Kysely<Schema>) => Promise<void>): Promise<void>;
  /** Resolves when the database answers; throws ApiError DATABASE_UNAVAILABLE. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly appUrl: string;
  /** Most connections at once; 10 unless said. */
  readonly max?: number;
  /**
   * Connections that stay open however idle; none unless said. The first read
   * on a new one takes tens of milliseconds, which a list has no time for.
   */
  readonly keepOpen?: number;
  /** Longest wait for a connection; 5 seconds unless said. */
  readonly connectTimeoutMs?: number;
  /**
   * Longest silence of the database within a statement; then the connection is
   * dropped and the caller gets DATABASE_UNAVAILABLE. For processes that
   * answer requests. Jobs leave it out: their statements may be silent for
   * minutes, and a connection that is truly dead is noticed by TCP.
   */
  readonly silenceMs?: number;
}

/** Opens a pool for the runtime role; connects on first use. */
export function openStore(options: StoreOptions): Store {
  const { silenceMs, keepOpen = 0 } = options;
  const pool = new pg.Pool({
    connectionString: options.appUrl,
    max: options.max ?? 10,
    min: keepOpen,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    types: columnTypes,
    application_name: "recsys",
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  // A connection that breaks is replaced by the pool, and its query fails; without a listener it would end the process.
  pool.on("error", () => undefined);
  // The pool listens to idle connections only; one may break between two queries of a transaction.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    if (silenceMs !== undefined) dropWhenSilent(client, silenceMs);
  });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    inTenant: (tenant, work) =>
      answering(() =>
        db.transaction().execute(async (tx) => {
          await sql`select set_config('recsys.tenant', ${tenant}, true)`.execute(
            tx,
          );
          return work({ db: tx, tenant });
        }),
      ),
    tenantless: (work) => answering(() => work(db)),
    withClient: (tenant, work) =>
      answering(() => onClient(pool, { tenant, work })),
    listen: (channel, listenOptions) =>
      listen(options.appUrl, channel, listenOptions),
    warmUp: async (work) => {
      const connections = Array.from({ length: keepOpen }, () =>
        answering(() => work(db)),
      );
      await Promise.all(connections);
    },
    ping: async () => {
      await answering(() => pool.query("select 1"));
    },
    close: () => db.destroy(),
  };
}

async function onClient<T>(
  pool: pg.Pool,
  {
    tenant,
    work,
  }: {
    readonly tenant: string;
    readonly work: (client: pg.PoolClient) => Promise<T>;
  },
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
    await client.query("select set_config('recsys.tenant', $1, true)", [
      tenant,
    ]);
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: unknown) => {
      broken = toError(failure);
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** SQLSTATE classes and system codes that mean "nobody there", or "no admittance", rather than "wrong". */
const UNREACHABLE =
  /^(08...|28000|28P01|3D000|57P0[1-4]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)$/;
const UNREACHABLE_TEXT =
  /timeout exceeded when trying to connect|connection terminated|is not queryable|cannot use a pool/i;

async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isUnreachable(error)) {
      throw new ApiError("DATABASE_UNAVAILABLE", {
        retryAfterSeconds: 1,
        cause: error,
      });
    }
    throw error;
  }
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof ApiError) return false;
  const code = "code" in error ? String(error.code) : "";
  // The socket file of a local server that is down.
  const isSocketGone =
    code === "ENOENT" && "syscall" in error && error.syscall === "connect";
  return (
    isSocketGone ||
    UNREACHABLE.test(code) ||
    UNREACHABLE_TEXT.test(error.message)
  );
}

import { join, resolve } from "node:path";
import { ApiError, SlugName, TENANT_LAYER, validator } from "@recsys/contracts";
import {
  withSecrets,
  type CompleteConfig,
  type ServiceConfig,
} from "@recsys/service";
import {
  checkMigrations,
  findTenant,
  fsObjects,
  listTenants,
  migrate,
  openDatabaseFromUrls,
  openStore,
  postgresObjects,
  startServer,
  type ObjectStore,
  type Store,
  type Tenant,
} from "@recsys/store";
import type { Cli, PlaceOptions } from "./command.ts";
import { readCliConfig } from "./config.ts";

/** The database, the object stores and the settings that a command works with. */
export interface Platform {
  readonly config: CompleteConfig;
  /** For jobs and commands: waits for the database as long as it takes. */
  readonly store: Store;
  /** Connection string of the role that owns the schema; null when it is not configured. */
  readonly ownerUrl: string | null;
  readonly appUrl: string;
  /** Absolute RECSYS_HOME. */
  readonly home: string;
  objectsFor(tenant: Tenant): ObjectStore;
  /** For requests: connections of their own, that give up after RECSYS_DATABASE_TIMEOUT. */
  readonly serving: Pick<Platform, "store" | "objectsFor">;
  tenant(options: { readonly tenant?: string }): Promise<Tenant>;
  close(): Promise<void>;
}

/** Where the database is. */
export interface Database {
  readonly appUrl: string;
  readonly ownerUrl: string | null;
  leave(): Promise<void>;
}

export interface DatabaseNeeds {
  readonly config: ServiceConfig;
  /** `migrate` brings it up to date, `check` refuses one that is not, `as-it-is` does not look. */
  readonly schema: "migrate" | "check" | "as-it-is";
  readonly log: (line: string) => void;
}

/** The configured database, or the embedded one: joined when it runs, started when not. */
export async function reachDatabase(needs: DatabaseNeeds): Promise<Database> {
  const { config, log } = needs;
  if (config.databaseUrl === null) {
    const server = await startServer({ home: resolve(config.home), log });
    try {
      if (needs.schema === "migrate") await migrate(server.ownerUrl, { log });
      if (needs.schema === "check") await checkMigrations(server.appUrl);
    } catch (error) {
      await server.leave();
      throw error;
    }
    return server;
  }
  if (needs.schema === "as-it-is") return urlsAsTheyAre(config);
  const opened = await openDatabaseFromUrls({
    databaseUrl: config.databaseUrl,
    ...(config.databaseMigrateUrl === null
      ? {}
      : { migrateUrl: config.databaseMigrateUrl }),
    production: config.environment === "production",
    migrate: needs.schema === "migrate",
    log,
  });
  return { ...opened, leave: () => Promise.resolve() };
}

/** In development one login may be owner and application; production names the owner apart. */
function urlsAsTheyAre(config: ServiceConfig): Database {
  const url = config.databaseUrl ?? "";
  const isDevelopment = config.environment === "development";
  return {
    appUrl: url,
    ownerUrl: config.databaseMigrateUrl ?? (isDevelopment ? url : null),
    leave: () => Promise.resolve(),
  };
}

/** Opens the platform for one command; the schema is migrated or checked as configured. */
async function openPlatform(cli: Cli): Promise<Platform> {
  const { service, tenant: usualTenant } = readCliConfig(cli.io.environment);
  const config = await withSecrets(service);
  const log = (line: string) => {
    cli.io.note(line);
  };
  const database = await reachDatabase({
    config,
    schema: config.migrateOnStart ? "migrate" : "check",
    log,
  });
  try {
    const { appUrl } = database;
    const store = openStore({ appUrl });
    const silenceMs = config.databaseTimeoutSeconds * 1000;
    const serving = openStore({ appUrl, silenceMs, keepOpen: 4 });
    const home = resolve(config.home);
    return {
      config,
      store,
      home,
      appUrl,
      ownerUrl: database.ownerUrl,
      objectsFor: (tenant) => objectsOf(tenant, { store, home, config }),
      serving: {
        store: serving,
        objectsFor: (tenant) =>
          objectsOf(tenant, { store: serving, home, config }),
      },
      tenant: (options) => chooseTenant(store, options.tenant ?? usualTenant),
      close: async () => {
        await Promise.all([store.close(), serving.close()]);
        await database.leave();
      },
    };
  } catch (error) {
    await database.leave();
    throw error;
  }
}

/** Runs work on the platform and leaves it, whatever happens. */
export async function onPlatform<T>(
  cli: Cli,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await openPlatform(cli);
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}

/** A tenant and a namespace of it, as most commands want them. */
export interface Place {
  readonly platform: Platform;
  readonly tenant: Tenant;
  readonly namespace: string;
}

export async function onPlace<T>(
  cli: Cli,
  options: PlaceOptions,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  requireNamespace(options.namespace);
  return onPlatform(cli, async (platform) => {
    const tenant = await platform.tenant(options);
    return work({ platform, tenant, namespace: options.namespace });
  });
}

const checkSlug = validator(SlugName);

function requireNamespace(name: string): void {
  if (name === TENANT_LAYER || checkSlug(name).length === 0) return;
  throw new ApiError("INVALID_REQUEST", {
    detail: `"${name}" is no name for a namespace: 1 to 64 lower-case letters, digits, - and _, not beginning with - or _.`,
  });
}

/** DB-only tenants keep their artifacts in Postgres, the others beside the database. */
export function objectsOf(
  tenant: Tenant,
  on: {
    readonly store: Store;
    readonly home: string;
    readonly config: Pick<ServiceConfig, "databaseArtifactMaxMb">;
  },
): ObjectStore {
  return tenant.servingMode === "db"
    ? postgresObjects(on.store, tenant.tenantId, {
        maxBytes: on.config.databaseArtifactMaxMb * 1024 * 1024,
      })
    : fsObjects(join(on.home, "objects", tenant.tenantId));
}

/** The tenant of `npm start`, which commands mean when they name none. */
export const DEMO_TENANT = "demo";

async function chooseTenant(
  store: Store,
  name: string | null,
): Promise<Tenant> {
  const wanted = name ?? DEMO_TENANT;
  const found = await store.tenantless((db) => findTenant(db, wanted));
  if (found !== null) return found;
  const all = await store.tenantless((db) => listTenants(db));
  const [only] = all;
  if (name === null && only !== undefined && all.length === 1) return only;
  const names = all.map((tenant) => tenant.tenantId).join(", ");
  if (name === null && names !== "") {
    throw new ApiError("TENANT_UNKNOWN", {
      detail: `Say which tenant with --tenant; there are: ${names}.`,
      fix: null,
    });
  }
  throw new ApiError("TENANT_UNKNOWN", {
    detail:
      name === null
        ? "There is no tenant yet."
        : `There is no tenant "${name}"; there are: ${names || "none"}.`,
  });
}

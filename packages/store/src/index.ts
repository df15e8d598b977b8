// The embedded server
export {
  startServer,
  type RunningServer,
  type StartOptions,
} from "./server/start-server.ts";
export {
  SERVER_FAILURES,
  ServerError,
  type ServerFailure,
} from "./server/server-error.ts";

// The schema and its migrations
export { type Schema } from "./schema.ts";
export {
  checkMigrations,
  migrate,
  migrationStatus,
  type MigrateOptions,
  type MigrationState,
} from "./migrate/migrate.ts";
export {
  MigrationError,
  type MigrationFailure,
} from "./migrate/migration-error.ts";

// The store
export { type Listener, type ListenOptions } from "./database/listen.ts";
export {
  openStore,
  type Store,
  type StoreOptions,
  type TenantTx,
} from "./database/store.ts";

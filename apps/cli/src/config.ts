import { readConfig, type ServiceConfig } from "@recsys/service";
import type { Io } from "./io.ts";
import { CLI_SETTINGS } from "./settings.ts";

/** Settings of the command-line tool beside those of the service. */
export interface CliConfig {
  readonly service: ServiceConfig;
  /** Tenant of commands that name none. */
  readonly tenant: string | null;
  /** Credentials for commands that talk to a running service. */
  readonly apiKey: string | null;
}

/** The environment of this process; read here and nowhere else. */
export function processEnvironment(): Io["environment"] {
  return process.env;
}

/** Reads and checks all settings. Throws ConfigError with every mistake at once. */
export function readCliConfig(environment: Io["environment"]): CliConfig {
  return Object.freeze({
    service: readConfig(environment),
    tenant: environment[CLI_SETTINGS.tenant.name] ?? null,
    apiKey: environment[CLI_SETTINGS.apiKey.name] ?? null,
  });
}

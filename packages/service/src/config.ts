import { IMPORT_LIMITS } from "@recsys/contracts";
import { RETENTION_SETTINGS } from "./retention-settings.ts";
import {
  booleanSetting,
  choiceSetting,
  numberSetting,
  textSetting,
  type Setting,
} from "./settings.ts";

const POSTGRES_URL = {
  pattern: /^postgres(ql)?:\/\//,
  form: "a URL that starts with postgres://",
};

/** Every setting of the server, in the order in which the documents list them. */
export const SETTINGS = {
  environment: choiceSetting({
    name: "RECSYS_ENV",
    default: "development",
    choices: ["development", "production"],
    description:
      "production refuses to start with unsafe settings or without its secrets",
  }),
  host: textSetting({
    name: "HOST",
    default: "127.0.0.1",
    description: "address to listen on; the default is this machine only",
  }),
  port: numberSetting({
    name: "PORT",
    default: 8000,
    minimum: 0,
    maximum: 65535,
    whole: true,
    description: "port to listen on; 0 takes a free one",
  }),
  home: textSetting({
    name: "RECSYS_HOME",
    default: ".recsys",
    description:
      "directory for the embedded database, artifacts, uploads and unshipped decisions",
  }),
  databaseUrl: textSetting({
    name: "DATABASE_URL",
    default: null,
    secret: true,
    ...POSTGRES_URL,
    description:
      "Postgres 15 or later as the application's login, or in development as the owner's; unset, the product starts its own server",
  }),
  databaseMigrateUrl: textSetting({
    name: "DATABASE_MIGRATE_URL",
    default: null,
    secret: true,
    ...POSTGRES_URL,
    description:
      "the same database as its owner, for migrations, backup and restore",
  }),
  databaseTimeoutSeconds: numberSetting({
    name: "RECSYS_DATABASE_TIMEOUT",
    default: 10,
    minimum: 0.1,
    maximum: 3600,
    unit: "seconds",
    description:
      "longest silence of the database while a request waits; then its connection is dropped and the answer is 503. Jobs and commands wait as long as it takes",
  }),
  migrateOnStart: booleanSetting({
    name: "MIGRATE_ON_START",
    default: null,
    description:
      "whether to migrate when starting; unset: yes in development, no in production",
  }),
  devAuthEnabled: booleanSetting({
    name: "DEV_AUTH_ENABLED",
    default: null,
    description:
      "accept the tenant header alone, without a key, on a loopback address; unset: yes in development on loopback",
  }),
  tenantHeaderName: textSetting({
    name: "TENANT_HEADER_NAME",
    default: "X-Org-Id",
    pattern: /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
    form: "the name of an HTTP header",
    description:
      "header that names the tenant; it has to agree with the key's tenant",
  }),
  apiKeyEnabled: booleanSetting({
    name: "API_KEY_ENABLED",
    default: true,
    description: "accept API keys (Authorization: Bearer … or X-API-Key)",
  }),
  apiKeyHashSecret: textSetting({
    name: "API_KEY_HASH_SECRET",
    default: null,
    secret: true,
    pattern: /^.{32,}$/,
    form: "at least 32 characters",
    description:
      "secret of the digests under which API keys are stored; development makes one under RECSYS_HOME",
  }),
  exposureHashSalt: textSetting({
    name: "EXPOSURE_HASH_SALT",
    default: null,
    secret: true,
    pattern: /^.{32,}$/,
    form: "at least 32 characters",
    description:
      "secret from which the salts of user hashes in exports and logs are derived; development makes one under RECSYS_HOME",
  }),
  configCacheTtlSeconds: numberSetting({
    name: "RECSYS_CONFIG_CACHE_TTL",
    default: 2,
    minimum: 0.1,
    maximum: 60,
    unit: "seconds",
    description:
      "how old configuration, manifest and catalogue may be when no notification arrives; at most 5 in production",
  }),
  rulesCacheTtlSeconds: numberSetting({
    name: "RECSYS_RULES_CACHE_TTL",
    default: 2,
    minimum: 0.1,
    maximum: 60,
    unit: "seconds",
    description:
      "how old rules and fallback lists may be when no notification arrives; at most 5 in production",
  }),
  ...RETENTION_SETTINGS,
  databaseArtifactMaxMb: numberSetting({
    name: "RECSYS_DB_ARTIFACT_MAX_MB",
    default: 256,
    minimum: 1,
    maximum: 16384,
    unit: "MiB",
    description: "largest artifact that DB-only mode keeps in Postgres",
  }),
  spoolMaxMb: numberSetting({
    name: "RECSYS_SPOOL_MAX_MB",
    default: 512,
    minimum: 1,
    maximum: 1048576,
    unit: "MiB",
    description:
      "disk that unshipped decisions may take; samples are dropped at four fifths of it, and beyond it answers say logged: false",
  }),
  sampleShare: numberSetting({
    name: "RECSYS_SAMPLE_SHARE",
    default: 0.01,
    minimum: 0,
    maximum: 1,
    description:
      "share of decisions that also log removed candidates and the features of those not shown; a namespace has its own in the section decision_log of its configuration",
  }),
  importMaxMb: numberSetting({
    name: "RECSYS_IMPORT_MAX_MB",
    default: IMPORT_LIMITS.megabytes,
    minimum: 1,
    maximum: 16777216,
    unit: "MiB",
    description:
      "largest file, unpacked, that an import or an upload takes; a larger one is refused",
  }),
  importMaxRows: numberSetting({
    name: "RECSYS_IMPORT_MAX_ROWS",
    default: IMPORT_LIMITS.rows,
    minimum: 1,
    maximum: 1e12,
    whole: true,
    unit: "rows",
    description: "most rows of a file that an import or an upload takes",
  }),
  userStateMaxMb: numberSetting({
    name: "RECSYS_USER_STATE_MAX_MB",
    default: 128,
    minimum: 1,
    maximum: 65536,
    unit: "MiB",
    description: "memory for the newest events of recently seen users",
  }),
  metricsToken: textSetting({
    name: "METRICS_TOKEN",
    default: null,
    secret: true,
    pattern: /^\S{16,}$/,
    form: "at least 16 characters, none of them white space",
    description:
      "what /metrics asks for as Authorization: Bearer; unset, it answers on this machine only, because it names every tenant",
  }),
  logLevel: choiceSetting({
    name: "LOG_LEVEL",
    default: "info",
    choices: ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
    description: "least severe log lines to write",
  }),
} as const;

type Settings = typeof SETTINGS;
type RawConfig = {
  readonly [K in keyof Settings]: Settings[K] extends Setting<infer T>
    ? T
    : never;
};

/** The settings of one process: checked, completed, frozen. */
export type ServiceConfig = Omit<
  RawConfig,
  "devAuthEnabled" | "migrateOnStart"
> & { readonly devAuthEnabled: boolean; readonly migrateOnStart: boolean };

/** All that is wrong with the environment, one line each. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The settings are not usable:\n  ${mistakes.join("\n  ")}`);
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings from an environment. Throws ConfigError with every mistake at once. */
export function readConfig(environment: Environment): ServiceConfig {
  const mistakes: string[] = [];
  const entries = Object.entries(SETTINGS).map(([key, one]) => {
    const text = environment[one.name];
    if (text === undefined || text === "") return [key, one.default] as const;
    const parsed = one.parse(text);
    if (parsed.ok) return [key, parsed.value] as const;
    const shown = one.secret ? "" : `, not ${JSON.stringify(text)}`;
    mistakes.push(`${one.name} ${parsed.reason}${shown}`);
    return [key, one.default] as const;
  });
  const config = complete(Object.fromEntries(entries) as unknown as RawConfig);
  mistakes.push(...unsafe(config));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config);
}

function complete(raw: RawConfig): ServiceConfig {
  const isDevelopment = raw.environment === "development";
  return {
    ...raw,
    devAuthEnabled:
      raw.devAuthEnabled ?? (isDevelopment && isLoopback(raw.host)),
    migrateOnStart: raw.migrateOnStart ?? isDevelopment,
  };
}

/** Whether an address to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** Combinations that would leave the door open, or break what is promised. */
function unsafe(config: ServiceConfig): string[] {
  const found: string[] = [];
  const check = (bad: boolean, mistake: string) => {
    if (bad) found.push(mistake);
  };
  check(
    config.devAuthEnabled && !isLoopback(config.host),
    `DEV_AUTH_ENABLED=true needs a loopback HOST, not ${config.host}: anybody could act as any tenant`,
  );
  check(
    config.decisionDays < config.replayDays,
    `RECSYS_DECISION_DAYS has to be at least RECSYS_REPLAY_DAYS, which is ${config.replayDays}: a decision that is gone cannot be replayed`,
  );
  if (config.environment === "development") return found;
  check(
    config.devAuthEnabled,
    "DEV_AUTH_ENABLED has to be false in production",
  );
  check(
    !config.apiKeyEnabled,
    "API_KEY_ENABLED has to be true in production: there is no other way in",
  );
  check(
    config.apiKeyHashSecret === null,
    "API_KEY_HASH_SECRET is needed in production",
  );
  check(
    config.exposureHashSalt === null,
    "EXPOSURE_HASH_SALT is needed in production",
  );
  check(config.databaseUrl === null, "DATABASE_URL is needed in production");
  const ttls = [config.configCacheTtlSeconds, config.rulesCacheTtlSeconds];
  check(
    ttls.some((ttl) => ttl > 5),
    "RECSYS_CONFIG_CACHE_TTL and RECSYS_RULES_CACHE_TTL may be at most 5 in production",
  );
  return found;
}

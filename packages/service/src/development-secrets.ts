import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, type ServiceConfig } from "./config.ts";

/** A configuration whose secrets are all there. */
export type CompleteConfig = ServiceConfig & {
  readonly apiKeyHashSecret: string;
  readonly exposureHashSalt: string;
};

interface Secrets {
  readonly apiKeyHashSecret: string;
  readonly exposureHashSalt: string;
}

/**
 * Fills secrets that development left unset from `<home>/secrets.json`, which
 * is made on the first start and readable by its owner only. Production
 * configurations arrive complete. Throws ConfigError where the directory
 * cannot be used.
 */
export async function withSecrets(
  config: ServiceConfig,
): Promise<CompleteConfig> {
  const { apiKeyHashSecret, exposureHashSalt } = config;
  if (apiKeyHashSecret !== null && exposureHashSalt !== null) {
    return Object.freeze({ ...config, apiKeyHashSecret, exposureHashSalt });
  }
  const made = await readOrMake(config.home);
  return Object.freeze({
    ...config,
    apiKeyHashSecret: apiKeyHashSecret ?? made.apiKeyHashSecret,
    exposureHashSalt: exposureHashSalt ?? made.exposureHashSalt,
  });
}

async function readOrMake(home: string): Promise<Secrets> {
  const path = join(home, "secrets.json");
  await makeDirectory(home);
  const fresh: Secrets = {
    apiKeyHashSecret: randomBytes(32).toString("base64url"),
    exposureHashSalt: randomBytes(32).toString("base64url"),
  };
  try {
    // `wx`: of two processes that start together, one writes and both read.
    await writeFile(path, JSON.stringify(fresh), { flag: "wx", mode: 0o600 });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw unusableHome(home, error);
    }
    return JSON.parse(await readFile(path, "utf8")) as Secrets;
  }
}

async function makeDirectory(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true });
  } catch (error) {
    throw unusableHome(home, error);
  }
}

function unusableHome(home: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  const why =
    code === "EEXIST" || code === "ENOTDIR"
      ? "is to be a directory and is a file, or lies in one"
      : `is a directory that cannot be written to (${code})`;
  return new ConfigError([`RECSYS_HOME ${why}: ${JSON.stringify(home)}`]);
}
